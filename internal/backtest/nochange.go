package backtest

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Verdicts is what the statuses say of cities in which nothing changes, whose
// target is a tenth less than the year before.
type Verdicts struct {
	Size   float64 // events a year
	Cities int
	// The shares of cities by month's end: called off track or moving away,
	// and called on track. The last of each is of the verdicts, missed and met.
	Bad, Good []float64
	// Reversals are the changes between good (on track, met) and bad (off
	// track, moving away, missed) a city and year, whatever was in between;
	// with Slipping, slipping is bad too.
	Reversals, ReversalsSlipping float64
}

// NoChange judges n simulated cities of each of the [Sizes].
func NoChange(n int) []Verdicts {
	all := make([]Verdicts, len(Sizes))
	for at := range all {
		all[at] = Verdicts{Size: Sizes[at], Cities: n}
	}
	for _, s := range Simulated(tenthLess(programme.Total, programme.Count), programme.Monthly, 1, n) {
		if s.Shape != steady {
			continue
		}
		v := &all[slices.Index(Sizes, s.Size)]
		v.add(&s)
	}
	for at := range all {
		all[at].average()
	}
	return all
}

var (
	goodStatuses = []progress.Status{progress.OnTrack, progress.Met}
	badStatuses  = []progress.Status{progress.OffTrack, progress.MovingAway, progress.Missed}
)

func (v *Verdicts) add(s *Series) {
	var course []progress.Status
	for a := range progress.AssessYear(s.Indicator, s.Target, s.Values, s.Target.End+1) {
		course = append(course, a.Status)
	}
	if v.Bad == nil {
		v.Bad, v.Good = make([]float64, len(course)), make([]float64, len(course))
	}
	for n, status := range course {
		if slices.Contains(badStatuses, status) {
			v.Bad[n]++
		}
		if slices.Contains(goodStatuses, status) {
			v.Good[n]++
		}
	}
	v.Reversals += reversals(course, badStatuses)
	v.ReversalsSlipping += reversals(course, append(slices.Clip(badStatuses), progress.Slipping))
}

// reversals is how often a course goes from good to bad or back.
func reversals(course, bad []progress.Status) float64 {
	changes, last, known := 0.0, false, false
	for _, status := range course {
		good := slices.Contains(goodStatuses, status)
		if !good && !slices.Contains(bad, status) {
			continue
		}
		if known && good != last {
			changes++
		}
		last, known = good, true
	}
	return changes
}

func (v *Verdicts) average() {
	n := float64(v.Cities)
	for at := range v.Bad {
		v.Bad[at] /= n
		v.Good[at] /= n
	}
	v.Reversals /= n
	v.ReversalsSlipping /= n
}

func writeNoChange(to io.Writer, all []Verdicts) error {
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "Cities in which nothing changes, target −10 %: % called off track or moving away / on track by month's end, then missed / met")
	fmt.Fprint(w, "a year\t")
	for month := range 12 {
		fmt.Fprintf(w, "%d\t", month+1)
	}
	fmt.Fprintln(w, "verdict\treversals\twith slipping\t")
	for _, v := range all {
		fmt.Fprintf(w, "%g\t", v.Size)
		for n := range v.Bad {
			fmt.Fprintf(w, "%.0f / %.0f\t", hundred*v.Bad[n], hundred*v.Good[n])
		}
		fmt.Fprintf(w, "%.2f\t%.2f\t\n", v.Reversals, v.ReversalsSlipping)
	}
	fmt.Fprintln(w)
	return w.Flush()
}
