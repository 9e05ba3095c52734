package web

import (
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web/words"
)

// TestNeedsAreThoseOfProgress has the pages say what is needed as everything
// else says it, but for capitals and full stops.
func TestNeedsAreThoseOfProgress(t *testing.T) {
	c, err := words.New()
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, direction := range []programme.Direction{programme.Decrease, programme.Increase} {
		for _, frequency := range programme.Frequencies() {
			for _, form := range []progress.NeedForm{progress.NeedTotal, progress.NeedMean, progress.NeedChange} {
				for _, per := range []float64{-12.34, 0, 9.96, 1234.5} {
					for _, best := range []progress.Figure{progress.Unknown, progress.Known(0), progress.Known(-3.3), progress.Known(8)} {
						for _, passed := range []bool{false, true} {
							for _, periods := range []int{1, 6} {
								i := programme.Indicator{Direction: direction, Frequency: frequency, Decimals: 1}
								n := progress.Need{Form: form, PerPeriod: progress.Known(per), Periods: periods, Best: best, LimitPassed: passed}
								want := wordsOf(n.Sentence(i))
								got := sayNeed(c.For("en"), i, n)
								if wordsOf(got.Sentence+" "+got.Best) != want {
									t.Errorf("%+v: %q, want %q", n, wordsOf(got.Sentence+" "+got.Best), want)
								}
								said++
							}
						}
					}
				}
			}
		}
	}
	if said == 0 || sayNeed(c.For("en"), programme.Indicator{}, progress.Need{}) != (need{}) {
		t.Error("no need is said as one")
	}
}

// wordsOf leaves the words of a sentence alone.
func wordsOf(text string) string {
	text = strings.ToLower(strings.NewReplacer(". ", " ", ";", "", "’", "'").Replace(text + " "))
	for _, same := range [][2]string{
		{"best 1 day so", "best day so"},
		{"best 1 week so", "best week so"},
		{"best 1 month so", "best month so"},
		{"best 1 quarter so", "best quarter so"},
		{"best 1 year so", "best year so"},
		{"is at the target: needs no further change", "at the target already no further change is needed"},
	} {
		text = strings.ReplaceAll(text, same[0], same[1])
	}
	return strings.Join(strings.Fields(text), " ")
}
