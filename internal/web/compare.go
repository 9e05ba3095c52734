package web

import (
	"cmp"
	"html/template"
	"maps"
	"net/url"
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
	Whole             bool // every row is shown, however many
}

// group are the targets of one problem, side by side.
type group struct {
	Problem string
	Summary []statusCount
	Median  progress.Figure // of the paces of those judged; no mean: one wild pace would be all of it
	Judged  int
	Rows    []compareRow
	Of      int    // how many there are, shown or not
	Whole   string // where all are shown; empty where they are
}

// manyCompared is how many rows of a problem stand on the page of all problems.
const manyCompared = 100

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
	view.Axis, view.Query = paceAxis(v.words), v.r.URL.RawQuery
	apart(rows, func(r *compareRow) (among, id string, name *string) { return "", r.City, &r.Name })
	apart(rows, func(r *compareRow) (among, id string, name *string) { return r.City, r.Indicator, &r.Title })
	all := map[progress.Status]int{}
	byProblem := map[string][]compareRow{}
	for _, row := range rows {
		all[row.Assessment.Status]++
		byProblem[row.Problem] = append(byProblem[row.Problem], row)
	}
	view.Summary = inOrder(all)
	problems := slices.Sorted(maps.Keys(byProblem))
	if len(problems) > 0 && problems[0] == "" { // those of none come last
		problems = append(problems[1:], "")
	}
	for _, problem := range problems {
		g := grouped(problem, byProblem[problem])
		if g.Of > manyCompared && !view.Whole {
			g.Rows, g.Whole = g.Rows[:manyCompared], whole(view.Cohort, problem)
		}
		for n := range g.Rows {
			g.Rows[n].Pace = paceLine(v.words, g.Rows[n].Assessment)
		}
		view.Groups = append(view.Groups, g)
	}
	return s.show(v, "compare.html", view)
}

// whole is where all rows of a problem are.
func whole(cohort, problem string) string {
	return (&url.URL{Path: "/compare", RawQuery: url.Values{"cohort": {cohort}, "problem": {problem}, "rows": {"all"}}.Encode()}).String()
}

func grouped(problem string, rows []compareRow) group {
	g := group{Problem: problem, Rows: rows, Of: len(rows)}
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
			falseFirst(!a.Assessment.Pace.Known, !b.Assessment.Pace.Known),
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
