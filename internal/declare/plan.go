package declare

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// Action is what applying a declaration does to one thing.
type Action string

// The actions. What is not declared any more is kept until it is removed on
// request.
const (
	Create Action = "create"
	Modify Action = "change"
	Keep   Action = "keep"
	Remove Action = "remove"
)

// Plan is what applying a declaration changes. Its zero value is nothing.
type Plan struct {
	// Changes are in the order of the nouns, then of keys. Things that stand as
	// they are declared are not among them.
	Changes []Change `json:"changes"`
}

// Change is what happens to one thing.
type Change struct {
	Noun   programme.Noun `json:"noun"`
	Key    string         `json:"key"` // such as boston-ma/homicides/2026 for a target
	Action Action         `json:"action"`
	Fields []FieldChange  `json:"fields,omitempty"` // of a change, in the order of the CSV columns
}

// FieldChange is a field's text before and after; empty where it is not given.
type FieldChange struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// Difference is the plan that leads from what stands to what is declared.
// Lists of names are compared as sets.
func Difference(stands, declared programme.Programme) Plan {
	p := Plan{Changes: []Change{}}
	compare(&p, programme.CohortNoun, stands.Cohorts, declared.Cohorts, cohortKey, cohortTexts)
	compare(&p, programme.CityNoun, stands.Cities, declared.Cities, cityKey, cityTexts)
	compare(&p, programme.IndicatorNoun, stands.Indicators, declared.Indicators, indicatorKey, indicatorTexts)
	compare(&p, programme.TargetNoun, stands.Targets, declared.Targets, targetKey, targetTexts)
	compare(&p, programme.InterventionNoun, stands.Interventions, declared.Interventions, interventionKey, interventionTexts)
	compare(&p, programme.SourceNoun, stands.Sources, declared.Sources, sourceKey, sourceTexts)
	return p
}

func compare[T any](p *Plan, noun programme.Noun, stands, declared []T, key func(T) string, write func(T) texts) {
	before, after := keyed(stands, key), keyed(declared, key)
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, k := range slices.Sorted(maps.Keys(all)) {
		c := Change{Noun: noun, Key: k}
		old, stood := before[k]
		now, named := after[k]
		switch {
		case !stood:
			c.Action = Create
		case !named:
			c.Action = Keep
		default:
			c.Action = Modify
			if c.Fields = changed(noun, write(old), write(now)); len(c.Fields) == 0 {
				continue
			}
		}
		p.Changes = append(p.Changes, c)
	}
}

func keyed[T any](things []T, key func(T) string) map[string]T {
	byKey := make(map[string]T, len(things))
	for _, t := range things {
		byKey[key(t)] = t
	}
	return byKey
}

func changed(noun programme.Noun, before, after texts) []FieldChange {
	var fields []FieldChange
	for _, c := range tableOf(noun).columns {
		f := FieldChange{Name: c.name, Old: strings.Join(before[c.name], ", "), New: strings.Join(after[c.name], ", ")}
		if f.Old != f.New {
			fields = append(fields, f)
		}
	}
	return fields
}

// Prune is the plan with what would be kept removed, except what may not be:
// removable is asked for each such thing.
func (p Plan) Prune(removable func(Change) bool) Plan {
	pruned := Plan{Changes: slices.Clone(p.Changes)}
	for i, c := range pruned.Changes {
		if c.Action == Keep && removable(c) {
			pruned.Changes[i].Action = Remove
		}
	}
	return pruned
}

// Remeasured is the plan with an automatic baseline that changes from one number
// to another, which no declaration shows; a number is empty where it is unknown.
func (p Plan) Remeasured(target, from, to string) Plan {
	p.Changes = slices.Clone(p.Changes)
	nouns := func(n programme.Noun) int {
		return slices.IndexFunc(tables, func(t table) bool { return t.noun == n })
	}
	at, found := slices.BinarySearchFunc(p.Changes, target, func(c Change, key string) int {
		return cmp.Or(nouns(c.Noun)-nouns(programme.TargetNoun), cmp.Compare(c.Key, key))
	})
	if !found {
		p.Changes = slices.Insert(p.Changes, at, Change{Noun: programme.TargetNoun, Key: target, Action: Modify})
	}
	fields := p.Changes[at].Fields
	p.Changes[at].Fields = append([]FieldChange{{"baseline", from, to}}, fields...)
	return p
}

// Empty reports whether applying the plan changes nothing. What is merely kept
// is no change.
func (p Plan) Empty() bool {
	counts := p.Counts()
	return counts.Create+counts.Change+counts.Remove == 0
}

// Counts are numbers of things by what happens to them.
type Counts struct {
	Create int `json:"create"`
	Change int `json:"change"`
	Keep   int `json:"keep"`
	Remove int `json:"remove"`
}

// Counts is how many things the plan creates, changes, keeps and removes.
func (p Plan) Counts() Counts {
	count := func(a Action) (n int) {
		for _, c := range p.Changes {
			if c.Action == a {
				n++
			}
		}
		return n
	}
	return Counts{Create: count(Create), Change: count(Modify), Keep: count(Keep), Remove: count(Remove)}
}

// urgency orders actions by how much a reader should see them, most first.
func (a Action) urgency(b Action) int {
	order := []Action{Remove, Modify, Keep, Create}
	return cmp.Compare(slices.Index(order, a), slices.Index(order, b))
}
