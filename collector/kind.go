package collector

import (
	"context"

	"github.com/citygauge/citygauge/internal/programme"
)

// Kind is one way in which cities publish. It has no state: several sources are
// pulled with it at the same time.
type Kind interface {
	// Check is what the declaration of a source lacks for this kind.
	Check(s programme.Source) []Lack
	// Pull hands every record on with [Pull.Record], each once, in any order.
	// Before that it says which columns there are ([Pull.Has]) where the source
	// tells, and how many records are to come ([Pull.Announce]); of pages it
	// makes sure that none comes twice ([Pull.Page]). It returns at the first
	// error of any of these, and soon after ctx ends.
	Pull(ctx context.Context, p *Pull) error
}

// Grouper is a kind whose sources can count for themselves.
type Grouper interface {
	// Group hands on what the source makes of its records, as [Grouping] asks,
	// with [Pull.Group]. It answers false, having handed nothing on, where the
	// source cannot, or where its result might differ from one made here.
	Group(ctx context.Context, p *Pull, g Grouping) (bool, error)
}

// Lack is what a declaration lacks.
type Lack struct {
	Field   string // as it is declared, such as dataset
	Message string // what is wrong, in words
	Hint    string // what to do about it
}

// need is the fields of a declaration that must be there.
func need(s programme.Source, fields ...string) []Lack {
	var lacks []Lack
	for _, field := range fields {
		var text string
		switch field {
		case "dataset":
			text = s.Dataset
		case "query":
			text = s.Query
		}
		if text == "" {
			lacks = append(lacks, Lack{field, "source " + s.ID + " has no " + field, "write the " + field + " that its kind, " + s.Kind + ", needs"})
		}
	}
	return lacks
}

// kinds are all ways of publishing that are known.
var kinds = map[string]Kind{
	"csv":          csvKind{},
	"json":         jsonKind{},
	"socrata":      socrataKind{},
	"ckan":         ckanKind{},
	"opendatasoft": opendatasoftKind{},
	"arcgis":       arcgisKind{},
	"sql":          sqlKind{},
}
