package programme

import "slices"

// Programme is everything that is declared: who works on what, when, and what
// is to be reached. Its things refer to each other by slugs.
type Programme struct {
	Cohorts       []Cohort
	Cities        []City
	Indicators    []Indicator
	Targets       []Target
	Interventions []Intervention
	Sources       []Source
}

// IndicatorKey names an indicator among all others.
type IndicatorKey struct {
	City, Indicator string
}

func (k IndicatorKey) String() string { return k.City + "/" + k.Indicator }

// Key names the indicator among all others.
func (i Indicator) Key() IndicatorKey { return IndicatorKey{i.City, i.ID} }

// Index finds a programme's things by name.
type Index struct {
	Cohorts    map[string]Cohort
	Cities     map[string]City
	Indicators map[IndicatorKey]Indicator
	Targets    map[TargetKey]Target
}

// Index is the programme by names; of two things with one name it has the
// first.
func (p Programme) Index() Index {
	return Index{
		Cohorts:    indexBy(p.Cohorts, func(c Cohort) string { return c.ID }),
		Cities:     indexBy(p.Cities, func(c City) string { return c.ID }),
		Indicators: indexBy(p.Indicators, Indicator.Key),
		Targets:    indexBy(p.Targets, Target.Key),
	}
}

func indexBy[K comparable, T any](things []T, key func(T) K) map[K]T {
	index := make(map[K]T, len(things))
	for _, t := range things {
		if _, ok := index[key(t)]; !ok {
			index[key(t)] = t
		}
	}
	return index
}

// Check is everything that is wrong or doubtful in the programme: each thing
// by itself, names used twice, and names that nothing has. A programme without
// errors among its faults is valid.
func (p Programme) Check() []Fault {
	var all []Fault
	index := p.Index()
	all = append(all, checkEach(CohortNoun, p.Cohorts, func(c Cohort) string { return c.ID }, Cohort.check)...)
	all = append(all, checkEach(CityNoun, p.Cities, func(c City) string { return c.ID }, func(c City, fs *faults) {
		c.check(fs)
		for _, cohort := range c.Cohorts {
			index.wantCohort(fs, "cohorts", cohort)
		}
	})...)
	all = append(all, checkEach(IndicatorNoun, p.Indicators, Indicator.Key, func(i Indicator, fs *faults) {
		i.check(fs)
		index.wantCity(fs, i.City)
	})...)
	all = append(all, checkEach(TargetNoun, p.Targets, Target.Key, index.checkTarget)...)
	all = append(all, checkEach(InterventionNoun, p.Interventions, Intervention.key, func(i Intervention, fs *faults) {
		i.check(fs)
		index.wantCity(fs, i.City)
		for _, indicator := range i.Indicators {
			index.wantIndicator(fs, "indicators", IndicatorKey{i.City, indicator})
		}
	})...)
	all = append(all, checkEach(SourceNoun, p.Sources, Source.Key, func(s Source, fs *faults) {
		s.check(fs)
		index.wantCity(fs, s.City)
		if s.Indicator != "" {
			index.wantIndicator(fs, "indicator", IndicatorKey{s.City, s.Indicator})
		}
	})...)
	return all
}

type interventionKey struct {
	city, title string
	start       Date
}

func (k interventionKey) String() string { return k.city + "/" + k.title + "/" + k.start.String() }

func (i Intervention) key() interventionKey { return interventionKey{i.City, i.Title, i.Start} }

func checkEach[K comparable, T any](noun Noun, things []T, key func(T) K, check func(T, *faults)) []Fault {
	fs := faults{noun: noun}
	seen := make(map[K]struct{}, len(things))
	for i, t := range things {
		fs.index = i
		check(t, &fs)
		if _, twice := seen[key(t)]; twice {
			fs.refuse("", "keep one of them", "%s %v is declared twice", noun, key(t))
		}
		seen[key(t)] = struct{}{}
	}
	return fs.list
}

func (x Index) checkTarget(t Target, fs *faults) {
	cohort, known := x.wantCohort(fs, "cohort", t.Cohort)
	indicator, found := x.wantIndicator(fs, "indicator", IndicatorKey{t.City, t.Indicator})
	if !known || !found {
		return
	}
	// That there is no such city is said of its indicator.
	if city, ok := x.Cities[t.City]; ok && !slices.Contains(city.Cohorts, t.Cohort) {
		fs.refuse("cohort", "add the cohort to the city's cohorts", "city %s is not in cohort %s", t.City, t.Cohort)
	}
	// What is wrong with the indicator or the cohort is said there.
	quiet := faults{}
	indicator.check(&quiet)
	cohort.check(&quiet)
	if len(quiet.list) == 0 {
		t.check(fs, indicator, cohort)
	}
}

func (x Index) wantCity(fs *faults, id string) {
	if _, ok := x.Cities[id]; !ok {
		fs.refuse("city", "declare the city, or correct the name", "no city is called %q", id)
	}
}

func (x Index) wantCohort(fs *faults, field, id string) (Cohort, bool) {
	c, ok := x.Cohorts[id]
	if !ok {
		fs.refuse(field, "declare the cohort, or correct the name", "no cohort is called %q", id)
	}
	return c, ok
}

func (x Index) wantIndicator(fs *faults, field string, key IndicatorKey) (Indicator, bool) {
	i, ok := x.Indicators[key]
	if !ok {
		fs.refuse(field, "declare the indicator, or correct the name", "city %s has no indicator %q", key.City, key.Indicator)
	}
	return i, ok
}
