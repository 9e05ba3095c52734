package web

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

// reportView is the page of an upload: what it would change, changed, or why it
// did not.
type reportView struct {
	frame
	Lead   string
	Record upload.Record
	Report upload.Report
	Zone   *time.Location
	City   string // the one that it speaks of; empty where there are several or none
	Name   string // of that city

	Commits, Reverts, Again bool // what one may do now
	Counted                 bool // it changes something
	Statuses                []statusRow
	Changed, New            []changeRow
	More                    int64 // changes that are not listed
	Errors, Warnings        []intake.Problem
	MoreProblems            bool
	Ambiguous               bool     // numbers that could mean two things
	Several                 bool     // it may be meant for others of one's cities, too
	Sheets                  []string // where there is a choice of them
	Fits                    int64    // rows with a value and without an error
	Pairs                   []pair
	Undrawn                 bool // the charts, since not every change is listed
}

// statusRow is a target whose status changes.
type statusRow struct {
	City, Name, Indicator, Title, Cohort string
	Old, New                             progress.Status
}

// find is the upload of the path, with its report, as far as one may see it.
func (s *site) find(v *visit) (upload.Record, upload.Report, error) {
	number, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil || number <= 0 {
		return upload.Record{}, upload.Report{}, notFound
	}
	record, report, err := s.Source.Upload(v.r.Context(), v.who.ReadScope(), number)
	if errors.Is(err, upload.ErrNoUpload) {
		err = notFound
	}
	return record, report, err
}

// mayWrite reports whether one may write every city that an upload speaks of.
func (v *visit) mayWrite(r upload.Record) bool {
	if len(r.Cities) == 0 {
		return v.who.WriteScope() == nil
	}
	return !slices.ContainsFunc(r.Cities, func(city string) bool { return !v.who.Writes(city) })
}

func (s *site) report(v *visit) error {
	record, report, err := s.find(v)
	if err != nil {
		return err
	}
	standings, err := s.Source.StandingsFor(v.r.Context(), v.who.ReadScope(), listedCities(record, report))
	if err != nil {
		return err
	}
	apart(standings, func(s *progress.Standing) (among, id string, name *string) { return "", s.City.ID, &s.City.Name })
	for _, standing := range standings {
		titlesApart(standing)
	}
	said := string(record.State)
	counted := report.Counts.New+report.Counts.Changed+report.Counts.Withdrawn > 0
	switch {
	case record.State != upload.Previewed || counted:
	case report.Counts.Unchanged > 0:
		said = "same"
	default:
		said = "empty"
	}
	view := reportView{
		frame: s.frame(v, v.words.Say("report.title."+said)), Lead: v.words.Say("report.lead." + said), Record: record, Report: report, Zone: time.UTC, Counted: counted,
	}
	view.Notice = s.sessions.PopString(v.r.Context(), noticeKey)
	if len(record.Cities) == 1 && len(standings) == 1 {
		view.City, view.Name, view.Zone = standings[0].City.ID, standings[0].City.Name, zoneOf(standings[0].City)
	}
	writes := v.mayWrite(record)
	view.Commits = writes && counted && record.State == upload.Previewed && record.Account == v.who.Name && s.Now().Sub(record.At) <= upload.TokenLife
	if view.Commits {
		view.Script = "/confirm.js"
	}
	view.Again = writes && record.State != upload.Applied && record.State != upload.Reverted && record.SHA256 != ""
	view.Reverts = writes && record.State == upload.Applied && counted
	view.sort(v, report, namesOf(standings))
	if record.State == upload.Previewed {
		if view.Pairs, err = s.pairs(v, standings, report); err != nil {
			return err
		}
		view.Undrawn = view.More > 0
	}
	return s.show(v, "report.html", view)
}

// listedCities are those that a report names, and the one that it is of, where
// it is of one: it may be recorded with all cities of a programme, and list few.
func listedCities(record upload.Record, r upload.Report) []string {
	cities := []string{}
	if len(record.Cities) == 1 {
		cities = append(cities, record.Cities...)
	}
	for _, c := range r.Changes {
		cities = append(cities, c.City)
	}
	for _, c := range r.StatusChanges {
		cities = append(cities, c.City)
	}
	slices.Sort(cities)
	return slices.Compact(cities)
}

// notNil keeps no cities from meaning all of them.
func notNil(cities []string) []string { return append([]string{}, cities...) }

// sort puts what the report lists in its place.
func (view *reportView) sort(v *visit, r upload.Report, n names) {
	for _, c := range r.StatusChanges {
		view.Statuses = append(view.Statuses, statusRow{c.City, n.cities[c.City], c.Indicator, n.title(c.City, c.Indicator), c.Cohort, c.Old, c.New})
	}
	for _, c := range r.Changes {
		row := n.change(v.words, c)
		if view.City == "" {
			row.City = n.cities[c.City]
		}
		if c.OldStatus == "" {
			view.New = append(view.New, row)
		} else {
			view.Changed = append(view.Changed, row)
		}
	}
	view.More = r.Counts.New + r.Counts.Changed + r.Counts.Withdrawn - int64(len(r.Changes))
	choice := len(r.Sheets) > 1
	for _, p := range r.Problems {
		if p.Severity == intake.Error {
			view.Errors = append(view.Errors, p)
		} else {
			view.Warnings = append(view.Warnings, p)
		}
		choice = choice || p.Code == intake.UnknownSheet
		view.Several = view.Several || p.Code == intake.NotYourCity && len(view.Record.Reading.Scope) == 1 && len(v.who.WriteScope()) != 1
		view.Ambiguous = view.Ambiguous || p.Code == intake.AmbiguousNumber
	}
	if choice {
		view.Sheets = r.Sheets
	}
	view.MoreProblems = len(r.Problems) >= upload.Listed
	view.Fits = r.Counts.Rows - r.Counts.Rejected - r.Counts.Skipped
}
