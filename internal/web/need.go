package web

import (
	"math"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web/words"
)

// need is what is needed from here, and the best that was done so far; empty
// where there is no claim.
type need struct {
	Sentence, Best string
}

// sayNeed says what progress.Need.Sentence does, in a language. A needed number
// is rounded to the ambitious side.
func sayNeed(w *words.Language, i programme.Indicator, n progress.Need) need {
	s := needSayer{w, i, n}
	switch {
	case n.LimitPassed:
		return need{Sentence: w.Say("need.limit-passed")}
	case !n.PerPeriod.Known:
		return need{}
	case n.Form == progress.NeedChange:
		return s.change()
	case n.Form == progress.NeedTotal && i.Direction == programme.Increase && n.PerPeriod.Number <= 0:
		return need{Sentence: w.Say("need.reached")}
	}
	return s.level()
}

type needSayer struct {
	*words.Language
	i programme.Indicator
	n progress.Need
}

func (s needSayer) level() need {
	form := "total"
	if s.n.Form == progress.NeedMean {
		form = "mean"
	}
	bound := "most"
	if s.i.Direction == programme.Increase {
		bound = "least"
	}
	finer := s.i
	finer.Decimals++
	said := need{Sentence: s.Say("need."+form+"."+bound,
		"number", s.Finely(progress.ShownTarget(finer, s.n.PerPeriod.Number), s.i.Decimals), "per", s.per(), "span", s.span())}
	if s.n.Best.Known {
		said.Best = s.Say("need.best."+form, "number", s.Finely(s.n.Best.Number, s.i.Decimals), "per", s.per(), "span", s.span())
	}
	return said
}

func (s needSayer) change() need {
	v, verb := s.n.PerPeriod.Number, "rise"
	if s.i.Direction == programme.Decrease {
		v, verb = -v, "fall"
	}
	if v <= 0 {
		return need{Sentence: s.Say("need.there")}
	}
	finer := s.i
	finer.Decimals, finer.Direction = finer.Decimals+1, programme.Increase
	said := need{Sentence: s.Say("need."+verb, "number", s.Finely(progress.ShownTarget(finer, v), s.i.Decimals), "per", s.per(), "span", s.span())}
	if best := s.n.Best; best.Known {
		key := "need.best.still"
		switch {
		case best.Number < 0:
			key = "need.best.fell"
		case best.Number > 0:
			key = "need.best.rose"
		}
		said.Best = s.Say(key, "number", s.Finely(math.Abs(best.Number), s.i.Decimals), "per", s.per(), "span", s.span())
	}
	return said
}

// per is such as: a month.
func (s needSayer) per() string { return s.Say("per." + s.i.Frequency.String()) }

// span is how long the rest of the year is, such as: 6 months.
func (s needSayer) span() string { return s.Say("span."+s.i.Frequency.String(), "n", s.n.Periods) }
