package upload

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// Outcome is what became of one of several files.
type Outcome struct {
	Report Report
	Err    error
}

const (
	// togetherFiles share a transaction at most, so that others do not wait for
	// long.
	togetherFiles = 64
	// togetherBytes of one file, and togetherRows, are what is small.
	togetherBytes, togetherRows = 64 << 10, 1000
)

// ImportAll takes files in, and answers with what became of each, in their
// order: for each the same as [Service.Import]. Small files of senders who may
// write one city share transactions, which takes a fraction of the work. Whatever
// is out of the ordinary, such as one with an error, is taken in by itself, and so
// are all of those whose transaction comes to nothing. For that, each request
// needs a key of its own: none is taken in twice.
func (s *Service) ImportAll(ctx context.Context, all []Request) []Outcome {
	outcomes := make([]Outcome, 0, len(all))
	for some := range slices.Chunk(all, togetherFiles) {
		reports := make([]*Report, len(some))
		if err := s.together(ctx, some, reports); err != nil {
			clear(reports)
		}
		for n, r := range some {
			if reports[n] != nil {
				outcomes = append(outcomes, Outcome{Report: *reports[n]})
				continue
			}
			report, err := s.Import(ctx, r)
			outcomes = append(outcomes, Outcome{report, err})
		}
	}
	return outcomes
}

// together takes some files in with one transaction. It answers with the reports
// of those that it took in: others have none.
func (s *Service) together(ctx context.Context, some []Request, reports []*Report) error {
	var scope Scope
	for _, r := range some {
		if joins(r) {
			scope = append(scope, r.Scope[0])
		}
	}
	if len(scope) < 2 {
		return nil
	}
	start := s.Now()
	slices.Sort(scope)
	tx, err := s.Store.Begin(ctx, slices.Compact(scope))
	if err != nil {
		return err
	}
	defer tx.Abandon()
	j := &joint{Transaction: tx, service: s, parts: parts(tx), spoken: map[int]bool{}}
	for n, r := range some {
		if !joins(r) {
			j.apart(r.Scope)
			continue
		}
		if err := j.join(ctx, r, n); err != nil {
			return err
		}
	}
	if len(j.sheets) == 0 {
		return nil
	}
	return j.finish(ctx, reports, start)
}

func joins(r Request) bool {
	return len(r.Scope) == 1 && r.Key != "" && r.OnError != Skip && r.Problem == nil
}

// joint is some files being taken in with one transaction.
type joint struct {
	Transaction
	service *Service
	parts   map[string]*part
	spoken  map[int]bool // the indicators that one of the files has rows of

	sheets  []*sheet
	entries []Entry
	places  []int
}

// apart leaves cities out from here on: a file of theirs is taken in by itself,
// and others come after it.
func (j *joint) apart(cities Scope) {
	if cities == nil {
		clear(j.parts)
	}
	for _, c := range cities {
		delete(j.parts, c)
	}
}

// join stages a file, if there is nothing out of the ordinary with it.
func (j *joint) join(ctx context.Context, r Request, place int) error {
	city := r.Scope[0]
	part, known := j.parts[city]
	if !known {
		return nil
	}
	r.Name = shortened(r.Name)
	s := &sheet{request: r, bounds: func(k intake.Key) (intake.Bounds, error) { return j.Bounds(ctx, part.whole(k)) }}
	e, rows, err := j.few(ctx, s, part)
	if err != nil || slices.ContainsFunc(rows, func(r intake.Row) bool { return j.spoken[r.Indicator] }) {
		j.apart(r.Scope)
		return nil //nolint:nilerr // whoever takes it in by itself says so
	}
	j.sheets, j.entries, j.places = append(j.sheets, s), append(j.entries, e), append(j.places, place)
	return j.Stage(ctx, e.Bytes, func(add func(intake.Row) error) error {
		for _, r := range rows {
			j.spoken[r.Indicator] = true
			if err := add(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// finish makes the staged rows observations, completes the reports, and commits.
func (j *joint) finish(ctx context.Context, reports []*Report, start time.Time) error {
	taken, err := j.Take(ctx, j.entries...)
	if err != nil {
		return err
	}
	all := make([]Report, len(j.sheets))
	for n, s := range j.sheets {
		if all[n], err = s.taken(j.entries[n], taken[n]); err != nil {
			return err
		}
	}
	if err := j.Commit(ctx, all...); err != nil {
		return err
	}
	for n, place := range j.places {
		reports[place] = &all[n]
		j.service.observe(start, all[n], nil)
	}
	return nil
}

// part is what a programme has of one city.
type part struct {
	programme.Programme
	city       int
	indicators []int // their places in the whole
}

// parts are the cities of a transaction's programme, by slug.
func parts(tx Transaction) map[string]*part {
	whole := tx.Programme()
	all := make(map[string]*part, len(whole.Cities))
	for n, c := range whole.Cities {
		all[c.ID] = &part{Programme: programme.Programme{Cohorts: whole.Cohorts, Cities: whole.Cities[n : n+1]}, city: n}
	}
	for n, i := range whole.Indicators {
		if p := all[i.City]; p != nil {
			p.Indicators, p.indicators = append(p.Indicators, i), append(p.indicators, n)
		}
	}
	return all
}

// whole is a key of a part as one of the whole.
func (p *part) whole(k intake.Key) intake.Key {
	k.City, k.Indicator = p.city, p.indicators[k.Indicator]
	return k
}

var errUnusual = errors.New("the file is out of the ordinary")

// few reads a file with some rows, but not many, and without errors.
func (j *joint) few(ctx context.Context, s *sheet, p *part) (e Entry, rows []intake.Row, err error) {
	if e, err = j.service.entry(s.request, Applied); err != nil {
		return e, nil, err
	}
	if e.Bytes > togetherBytes {
		return e, nil, errUnusual
	}
	e.Key, e.Cities = s.request.Key, []int{p.city}
	s.report, s.content = newReport(e.Received), e.Content
	err = s.read(ctx, p.Programme, j.service.Today, func(r intake.Row) error {
		if len(rows) == togetherRows {
			return errUnusual
		}
		r.Key, r.Note = p.whole(r.Key), slices.Clone(r.Note)
		rows = append(rows, r)
		return nil
	})
	if err == nil && (s.report.refused || len(s.retracted) > 0 || len(rows) == 0) {
		err = errUnusual
	}
	return e, rows, err
}
