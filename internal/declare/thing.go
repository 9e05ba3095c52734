package declare

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// Defaults that are not the first word of their vocabulary.
const (
	countDecimals    = 0
	quantityDecimals = 1
)

func (r *reading) cohort(e *entry) programme.Cohort {
	return programme.Cohort{
		ID:     e.text("cohort"),
		Starts: parsed(r, e, "starts", programme.ParseDate),
		Ends:   parsed(r, e, "ends", programme.ParseDate),
	}
}

func (r *reading) city(e *entry) programme.City {
	c := programme.City{
		ID:         e.text("city"),
		Name:       e.text("name"),
		Country:    e.text("country"),
		Population: parsed(r, e, "population", whole),
		Timezone:   e.text("timezone"),
		Cohorts:    names(e, "cohorts"),
	}
	if !e.has("cohorts") && r.only != "" {
		c.Cohorts = []string{r.only}
	} else if !e.has("cohorts") && !e.suspect("cohorts") && !e.nameless() && len(r.entries[programme.CohortNoun]) > 1 {
		r.warn(e.place(""), "write its cohorts, or an empty list", "city %s names no cohort, and is in none", c.ID)
	}
	north, east := e.text("latitude"), e.text("longitude")
	switch {
	case north != "" && east != "":
		c.Location = &programme.Location{
			Latitude:  parsed(r, e, "latitude", programme.ParseNumber),
			Longitude: parsed(r, e, "longitude", programme.ParseNumber),
		}
	case north != "" || east != "":
		r.refuse(e.place("latitude"), "write both, or neither", "a place has a latitude and a longitude, but one of them is missing")
		e.broken = append(e.broken, "latitude")
	}
	return c
}

func (r *reading) indicator(e *entry) programme.Indicator {
	i := programme.Indicator{
		City:             e.text("city"),
		ID:               e.text("indicator"),
		Title:            e.text("title"),
		Definition:       e.text("definition"),
		Unit:             e.text("unit"),
		Problem:          e.text("problem"),
		Lens:             word(e, "lens", programme.Outcome),
		Kind:             word(e, "kind", programme.Quantity),
		Decimals:         quantityDecimals,
		Frequency:        parsed(r, e, "frequency", frequency),
		Direction:        word(e, "direction", programme.Direction("")),
		Measure:          word(e, "measure", programme.Latest),
		Plausible:        programme.Bounds{Min: r.bound(e, "plausible.min"), Max: r.bound(e, "plausible.max")},
		DueDays:          programme.DefaultDueDays,
		JudgeProvisional: parsed(r, e, "judge_provisional", truth),
		Owner:            e.text("owner"),
		Source:           e.text("source"),
	}
	if i.Kind == programme.Count {
		i.Decimals = countDecimals
	}
	if e.text("decimals") != "" {
		i.Decimals = parsed(r, e, "decimals", whole)
	}
	if e.text("due_days") != "" {
		i.DueDays = parsed(r, e, "due_days", whole)
	}
	for _, item := range e.list("breaks") {
		if d, err := programme.ParseDate(item.text); err != nil {
			r.misread(e, "breaks", item.line, err)
		} else {
			i.Breaks = append(i.Breaks, d)
		}
	}
	slices.Sort(i.Breaks)
	i.Breaks = slices.Compact(i.Breaks)
	return i
}

func (r *reading) target(e *entry) programme.Target {
	t := programme.Target{
		City:      e.text("city"),
		Indicator: e.text("indicator"),
		Cohort:    cmp.Or(e.text("cohort"), r.only),
		Baseline:  programme.Baseline{Period: parsed(r, e, "baseline.period", programme.ParseRange)},
		Goal:      parsed(r, e, "target", programme.ParseGoal),
		Period:    parsed(r, e, "period", programme.ParseRange),
		Path:      word(e, "trajectory", programme.Trajectory("")),
	}
	if t.Cohort == "" && !e.suspect("cohort") {
		r.missing(e, "cohort")
	}
	switch value := e.text("baseline.value"); {
	case strings.EqualFold(value, "auto"):
		t.Baseline.Auto = true
	case value != "":
		t.Baseline.Value = parsed(r, e, "baseline.value", programme.ParseNumber)
	case !t.Baseline.Period.IsZero() && !e.suspect("baseline.value"):
		r.refuse(e.place("baseline.period"), "write a number, or auto to measure it from the observations", "the baseline has a period, but no value")
		e.broken = append(e.broken, "baseline.value")
	}
	low, high := r.bound(e, "range.low"), r.bound(e, "range.high")
	switch {
	case low != nil && high != nil:
		t.Band = &programme.Band{Low: *low, High: *high}
	case (low != nil || high != nil) && !e.suspect("range"):
		r.refuse(e.place("range"), "write the lowest and the highest value to stay between", "a range has two ends, but one of them is missing")
		e.broken = append(e.broken, "range")
	}
	for _, item := range e.list("milestones") {
		if m, err := milestone(item.text); err != nil {
			r.misread(e, "milestones", item.line, err)
		} else {
			t.Milestones = append(t.Milestones, m)
		}
	}
	return t
}

func (r *reading) intervention(e *entry) programme.Intervention {
	return programme.Intervention{
		City:       e.text("city"),
		Title:      e.text("title"),
		Start:      parsed(r, e, "start", programme.ParseDate),
		End:        parsed(r, e, "end", programme.ParseDate),
		Indicators: names(e, "indicators"),
	}
}

// parsed is a field's value, or the zero value where it is not given or a
// problem is reported.
func parsed[T any](r *reading, e *entry, name string, parse func(string) (T, error)) T {
	var none T
	text := e.text(name)
	if text == "" {
		return none
	}
	v, err := parse(text)
	if err != nil {
		r.misread(e, name, e.place(name).Line, err)
		return none
	}
	return v
}

// misread reports a field that cannot be parsed. The errors of parsers end in
// what to write instead.
func (r *reading) misread(e *entry, name string, line int, err error) {
	at := e.place(name)
	at.Line = line
	message, hint := err.Error(), ""
	if i := strings.LastIndex(message, ": write "); i >= 0 {
		message, hint = message[:i], message[i+len(": "):]
	}
	r.refuse(at, hint, "%s", message)
	e.broken = append(e.broken, name)
}

func (r *reading) bound(e *entry, name string) *float64 {
	if e.text(name) == "" {
		return nil
	}
	v := parsed(r, e, name, programme.ParseNumber)
	return &v
}

// names are a list of slugs, in order, so that two ways of writing one set are
// the same.
func names(e *entry, name string) []string {
	var all []string
	for _, item := range e.list(name) {
		all = append(all, item.text)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// word is a word of a vocabulary, or its default. Spreadsheets begin words
// with a capital without being asked.
func word[T ~string](e *entry, name string, otherwise T) T {
	if text := e.text(name); text != "" {
		return T(strings.ToLower(text))
	}
	return otherwise
}

func whole(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number: write digits without separators, such as 642823", text)
	}
	return n, nil
}

func truth(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "yes":
		return true, nil
	case "false", "no":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither true nor false: write true or false", text)
}

func frequency(text string) (programme.Frequency, error) {
	f, err := programme.ParseFrequency(strings.ToLower(text))
	if err != nil {
		known := make([]string, 0, len(programme.Frequencies()))
		for _, k := range programme.Frequencies() {
			known = append(known, k.String())
		}
		return 0, fmt.Errorf("frequency is %q: write one of %s", text, strings.Join(known, ", "))
	}
	return f, nil
}

func milestone(text string) (programme.Milestone, error) {
	on, goal, _ := strings.Cut(text, "=")
	date, err := programme.ParseDate(on)
	if err != nil {
		return programme.Milestone{}, err
	}
	g, err := programme.ParseGoal(goal)
	return programme.Milestone{On: date, Goal: g}, err
}
