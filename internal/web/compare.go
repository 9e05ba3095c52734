package web

import (
	"cmp"
	"html/template"
	"maps"
	"slices"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

type compareView struct {
	frame
	Problems, Cohorts []string // to choose from
	Problem, Cohort   string   // chosen; empty is all
	Groups            []group
	Summary           []statusCount
	Axis              template.HTML
	Query             string
	Of                int
}

// group are the targets of one problem, side by side.
type group struct {
	Problem string
	Summary []statusCount
	Median  progress.Figure // of the paces of those judged; no mean: one wild pace would be all of it
	Judged  int
	Rows    []compareRow
}

// compareRow is one target among others.
type compareRow struct {
	City, Name, Country string
	Indicator, Title    string
	Cohort              programme.Cohort
	Population          int
	Problem             string
	Lens                programme.Lens
	Assessment          progress.Assessment
	Pace                template.HTML
}

// compare shows cities side by side by what can be compared: the pace, with
// its interval, and the status.
func (s *site) compare(v *visit) error {
	rows, view, err := s.compared(v)
	if err != nil {
		return err
	}
	view.frame = s.frame(v, v.words.Say("compare.title"))
	view.Axis, view.Query, view.Of = paceAxis(v.words), v.r.URL.RawQuery, len(rows)
	all := map[progress.Status]int{}
	byProblem := map[string][]compareRow{}
	for _, row := range rows {
		all[row.Assessment.Status]++
		row.Pace = paceLine(v.words, row.Assessment)
		byProblem[row.Problem] = append(byProblem[row.Problem], row)
	}
	view.Summary = inOrder(all)
	for _, problem := range slices.Sorted(maps.Keys(byProblem)) {
		view.Groups = append(view.Groups, grouped(problem, byProblem[problem]))
	}
	return s.show(v, "compare.html", view)
}

func grouped(problem string, rows []compareRow) group {
	g := group{Problem: problem, Rows: rows}
	counts := map[progress.Status]int{}
	var paces []float64
	for _, r := range rows {
		counts[r.Assessment.Status]++
		if r.Assessment.Pace.Known && judged(r.Assessment.Status) {
			paces = append(paces, r.Assessment.Pace.Number)
		}
	}
	g.Summary, g.Judged = inOrder(counts), len(paces)
	if len(paces) > 0 {
		g.Median = progress.Known(median(paces))
	}
	slices.SortStableFunc(g.Rows, func(a, b compareRow) int {
		return cmp.Or(
			compareBools(a.Assessment.Pace.Known, b.Assessment.Pace.Known),
			cmp.Compare(b.Assessment.Pace.Number, a.Assessment.Pace.Number),
			cmp.Compare(a.Name, b.Name),
		)
	})
	return g
}

// judged reports whether a status is a verdict on the pace.
func judged(s progress.Status) bool {
	return s != progress.NoData && s != progress.Awaiting && s != progress.Early
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return values[(n-1)/2]/2 + values[n/2]/2
}

// compared are the targets that were asked for, and what one may choose from.
// Without a cohort in the query it is the newest that has begun.
func (s *site) compared(v *visit) ([]compareRow, compareView, error) {
	standings, err := s.Source.StandingsFor(v.r.Context(), v.who.ReadScope(), nil)
	if err != nil {
		return nil, compareView{}, err
	}
	cohorts, problems := map[string]programme.Cohort{}, map[string]bool{}
	var rows []compareRow
	for _, standing := range standings {
		for _, i := range standing.Indicators {
			for _, t := range i.Targets {
				cohorts[t.Cohort.ID], problems[i.Indicator.Problem] = t.Cohort, true
				rows = append(rows, compareRow{
					City: standing.City.ID, Name: standing.City.Name, Country: standing.City.Country, Population: standing.City.Population,
					Indicator: i.Indicator.ID, Title: i.Indicator.Title, Problem: i.Indicator.Problem, Lens: i.Indicator.Lens,
					Cohort: t.Cohort, Assessment: t.Assessment,
				})
			}
		}
	}
	view := compareView{Problems: slices.Sorted(maps.Keys(problems)), Problem: v.r.FormValue("problem"), Cohort: v.r.FormValue("cohort")}
	for _, c := range slices.SortedFunc(maps.Values(cohorts), func(a, b programme.Cohort) int { return cmp.Compare(b.Starts, a.Starts) }) {
		view.Cohorts = append(view.Cohorts, c.ID)
	}
	if !v.r.URL.Query().Has("cohort") && len(view.Cohorts) > 0 {
		view.Cohort = view.Cohorts[0]
	}
	return slices.DeleteFunc(rows, func(r compareRow) bool {
		return view.Problem != "" && r.Problem != view.Problem || view.Cohort != "" && r.Cohort.ID != view.Cohort
	}), view, nil
}
