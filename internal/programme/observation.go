package programme

// Observation is the value of one indicator in one period.
type Observation struct {
	City      string
	Indicator string
	Period    Period
	Value     float64 // finite; 0 where suppressed
	Status    ObservationStatus
	Note      string
}

// Intervention is something that a city tried.
type Intervention struct {
	City       string
	Title      string
	Start      Date
	End        Date     // none: it goes on
	Indicators []string // slugs; none: all of the city's
}

func (i Intervention) check(fs *faults) {
	fs.text("title", i.Title)
	if i.Title == "" {
		fs.refuse("title", "write what the city did", "an intervention has no title")
	}
	if i.Start.IsZero() {
		fs.refuse("start", dateDescribed, "intervention %q has no first day", i.Title)
	}
	if !i.End.IsZero() && i.End < i.Start {
		fs.refuse("end", "write the later day as end", "intervention %q ends on %s, before it starts on %s", i.Title, i.End, i.Start)
	}
}
