package backtest

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/citygauge/citygauge/internal/programme"
)

// row is one line of the tables: some of the cases.
type row struct {
	name   string
	choose func(Case) bool
}

// group is what series are compared within.
type group struct {
	kind      programme.Kind
	measure   programme.Measure
	frequency programme.Frequency
}

func groupOf(s *Series) group {
	return group{s.Indicator.Kind, s.Indicator.Measure, s.Indicator.Frequency}
}

func (g group) String() string { return fmt.Sprintf("%s, %s %s", g.measure, g.frequency, g.kind) }

// rowsOf is a row for each measure, frequency and kind of the cases.
func rowsOf(cases []Case) []row {
	var groups []group
	for _, c := range cases {
		if g := groupOf(c.Series); !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(a, b group) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind),
			slices.Index(programme.Measures, a.measure)-slices.Index(programme.Measures, b.measure),
			int(a.frequency)-int(b.frequency))
	})
	rows := make([]row, len(groups))
	for n, g := range groups {
		rows[n] = row{g.String(), func(c Case) bool { return groupOf(c.Series) == g }}
	}
	return rows
}

// shapesOf is a row for each of the shapes in the cases.
func shapesOf(cases []Case) []row {
	var rows []row
	for _, s := range Shapes {
		of := func(c Case) bool { return c.Series.Shape == s.Name }
		if slices.ContainsFunc(cases, of) {
			rows = append(rows, row{s.Name, of})
		}
	}
	return rows
}

// writeTables writes how often the intervals held, then how far forecasts were
// off, a line for each row.
func writeTables(to io.Writer, title string, cases []Case, rows []row) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s: share of outcomes within the 80 %% interval, of independent periods; by size of the year and origin\n", title)
	fmt.Fprintf(w, "\tn\tall\tindep.\t<%d early\tmiddle\tlate\t≥%d early\tmiddle\tlate\t\n", LargeCount, LargeCount)
	for _, r := range rows {
		all := ScoreOf(cases, r.choose)
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t", r.name, all.N, all.share(all.Coverage), all.share(all.CoverageIndependent))
		for _, large := range []bool{false, true} {
			for o := range origins {
				s := ScoreOf(cases, func(c Case) bool { return r.choose(c) && c.Large == large && c.Origin == o })
				fmt.Fprintf(w, "%s\t", s.share(s.Coverage))
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\n%s: errors in %% of what was usual the year before, and in units; interval scores likewise; Brier scores\n", title)
	fmt.Fprintln(w, "\terror\tas so far\tlast year\tin units\tas so far\tlast year\tinterval\tindep.\tin units\tindep.\tBrier\tconstant\t")
	for _, r := range rows {
		s := ScoreOf(cases, r.choose)
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.1f\t%.1f\t%.1f\t%.1f\t%.3f\t%.3f\t\n", r.name,
			s.Error, s.ErrorSoFar, s.ErrorLastYear, s.RawError, s.RawErrorSoFar, s.RawErrorLastYear,
			s.Interval, s.IntervalIndependent, s.RawInterval, s.RawIntervalIndependent, s.Brier, s.BrierConstant)
	}
	fmt.Fprintln(w)
	return w.Flush()
}

// share is a share in words; of nothing there is none.
func (s Score) share(of float64) string {
	if s.N == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", hundred*of)
}
