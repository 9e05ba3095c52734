package declare

import (
	"cmp"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// Declaration is a programme as its files declare it.
type Declaration struct {
	// Programme is everything that could be read. Where the report refuses the
	// declaration it is only good for looking at.
	Programme programme.Programme
	// Report is what was found in reading and by [programme.Programme.Check].
	Report Report

	origins    map[programme.Noun][]*entry // by index in the programme
	incomplete map[programme.Noun]bool
	files      []string
}

// Locate is where the thing of a fault is written, or its field where that is
// written.
func (d *Declaration) Locate(f programme.Fault) Place {
	if e := d.origin(f); e != nil {
		return e.place(f.Field)
	}
	return Place{}
}

func (d *Declaration) origin(f programme.Fault) *entry {
	if all := d.origins[f.Noun]; f.Index >= 0 && f.Index < len(all) {
		return all[f.Index]
	}
	return nil
}

// Problems are faults of the programme with their places. It leaves out those
// that follow from something that could not be read, and says only once what
// holds for every city that a * stands for.
func (d *Declaration) Problems(faults []programme.Fault) Report {
	var report Report
	said := map[Problem]bool{}
	for _, f := range faults {
		if d.consequent(f) {
			continue
		}
		p := Problem{Place: d.Locate(f), Severity: Error, Message: f.Message, Hint: f.Hint}
		if f.Warning {
			p.Severity = Warning
		}
		if !said[p] {
			said[p] = true
			report = append(report, p)
		}
	}
	d.sort(report)
	return report
}

// consequent reports whether a fault may follow from something that could not
// be read.
func (d *Declaration) consequent(f programme.Fault) bool {
	if e := d.origin(f); e != nil && (e.suspect(f.Field) || e.nameless() && (f.Field == "" || f.Warning)) {
		return true
	}
	for _, t := range tables {
		refers := t.noun != f.Noun && (f.Field == string(t.noun) || f.Field == t.plural)
		if refers && d.incomplete[t.noun] {
			return true
		}
	}
	return false
}

// With is the report and what else is wrong with the programme, which others
// than [programme.Programme.Check] found, in the order of the files.
func (d *Declaration) With(faults []programme.Fault) Report {
	all := append(slices.Clone(d.Report), d.Problems(faults)...)
	d.sort(all)
	return all
}

func (d *Declaration) sort(report Report) {
	slices.SortStableFunc(report, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(slices.Index(d.files, a.File), slices.Index(d.files, b.File)),
			strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
		)
	})
}
