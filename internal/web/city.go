package web

import (
	"html/template"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web/words"
)

type cityView struct {
	frame
	City            programme.City
	Headline, Time  string // how many targets are on track; how much of the year is left
	Summary         []statusCount
	Cards           []card
	Earlier         []card // of earlier cohorts
	Later           []card // of cohorts to come
	Plain           []plain
	Due             []due
	Late            bool // some of it
	Writes          bool
	Uploads         []uploadRow
	Sources         []sourceView
	Boards          []board
	Metrics         string
	Through, Oldest programme.Date
}

// plain is an indicator without a target.
type plain struct {
	Title, Newest string
	Period        programme.Period
}

// board is a link to a city's dashboard for one cohort.
type board struct {
	Cohort, Address string
}

// standing is how a city stands; one that does not exist is not found.
func (s *site) standing(v *visit, city string) (progress.Standing, error) {
	standings, err := s.Source.StandingsFor(v.r.Context(), v.who.ReadScope(), []string{city})
	if err != nil {
		return progress.Standing{}, err
	}
	if len(standings) == 0 {
		return progress.Standing{}, notFound
	}
	titlesApart(standings[0])
	return standings[0], nil
}

func (s *site) city(v *visit) error {
	ctx, id := v.r.Context(), v.r.PathValue("city")
	standing, err := s.standing(v, id)
	if err != nil {
		return err
	}
	scope := []string{id}
	judgeables, err := s.Source.Targets(ctx, scope, scope)
	if err != nil {
		return err
	}
	tried, err := s.Source.Interventions(ctx, scope, id)
	if err != nil {
		return err
	}
	uploads, err := s.Source.Uploads(ctx, v.who.ReadScope(), scope, 0, fewUploads)
	if err != nil {
		return err
	}
	rows := uploadRows(v.words, uploads, standing.City)
	for n := range rows {
		if len(rows[n].Cities) == 1 {
			rows[n].Where = "" // it is this one
		}
	}
	sources, err := s.sources(v, standing.City)
	if err != nil {
		return err
	}
	today := s.Today(standing.City)
	view := cityView{
		frame: s.frame(v, standing.City.Name), City: standing.City, Writes: v.who.Writes(id), Uploads: rows, Sources: sources,
	}
	for _, d := range dueNow(standing.Indicators, today) {
		view.Late = view.Late || d.Late
		if view.Writes || d.Late { // who cannot upload need not know of what is still in time
			view.Due = append(view.Due, d)
		}
	}
	view.Notice = s.sessions.PopString(ctx, noticeKey)
	cards := cardMaker{v.words, today, tried, judgeables}
	targets := byUrgency(standing.Indicators, today)
	now := newest(targets)
	counts := map[progress.Status]int{}
	for n, t := range targets {
		switch c := cards.make(t); {
		case n < len(now):
			view.Cards = append(view.Cards, c)
			counts[t.Assessment.Status]++
		case t.Cohort.Starts > today:
			view.Later = append(view.Later, c)
		default:
			view.Earlier = append(view.Earlier, c)
		}
	}
	view.Summary = inOrder(counts)
	if len(now) > 0 {
		view.Headline, view.Time = headline(v.words, counts, len(now)), timeLeft(v.words, now[0].Cohort, today)
	}
	view.Plain = plainOnes(v, standing.Indicators)
	s.link(&view, targets)
	return s.show(v, "city.html", view)
}

// headline says how many targets are on track, or met once they have a verdict.
func headline(w *words.Language, counts map[progress.Status]int, of int) string {
	how := "some"
	switch counts[progress.Met] + counts[progress.Missed] {
	case 0:
		how = "going"
	case of:
		how = "over"
	}
	return w.Say("city.headline."+how, "good", counts[progress.OnTrack]+counts[progress.Met], "n", of)
}

// timeLeft says where in a cohort's year a day is.
func timeLeft(w *words.Language, c programme.Cohort, today programme.Date) string {
	switch {
	case today < c.Starts:
		return w.Say("city.starts", "n", c.Starts.Sub(today), "date", w.Date(c.Starts))
	case today == c.Ends:
		return w.Say("city.last")
	case today > c.Ends:
		return w.Say("city.over", "date", w.Date(c.Ends))
	}
	return w.Say("city.left", "n", c.Ends.Sub(today), "date", w.Date(c.Ends))
}

func plainOnes(v *visit, indicators []progress.IndicatorStanding) []plain {
	var all []plain
	for _, i := range indicators {
		if len(i.Targets) > 0 {
			continue
		}
		p := plain{Title: i.Indicator.Title}
		if i.Newest != nil {
			p.Newest, p.Period = v.words.Quantity(i.Newest.Value, i.Indicator), i.Newest.Period
		}
		all = append(all, p)
	}
	return all
}

// link adds where there is more to see.
func (s *site) link(view *cityView, targets []target) {
	if s.Links.Metrics != nil && view.All {
		view.Metrics = s.Links.Metrics(view.City.ID)
	}
	if s.Links.Dashboard == nil {
		return
	}
	seen := map[string]bool{}
	for _, t := range targets {
		if !seen[t.Cohort.ID] {
			seen[t.Cohort.ID] = true
			view.Boards = append(view.Boards, board{t.Cohort.ID, s.Links.Dashboard(view.City.ID, t.Cohort)})
		}
	}
}

// drawn is a chart and the table that says the same.
type drawn struct {
	Image template.HTML
	Rows  []drawnRow
}

type drawnRow struct {
	Period           programme.Period
	Actual, Expected string
	Status           progress.Status
}
