package programme

// Cohort is the year in which a group of cities works on its problems.
type Cohort struct {
	ID     string // slug
	Starts Date   // the first day
	Ends   Date   // the last day
}

func (c Cohort) check(fs *faults) {
	fs.slug("cohort", c.ID)
	if c.Starts.IsZero() {
		fs.refuse("starts", dateDescribed, "cohort %s has no first day", c.ID)
	}
	if c.Ends.IsZero() {
		fs.refuse("ends", dateDescribed, "cohort %s has no last day", c.ID)
	}
	if c.Ends < c.Starts && !c.Ends.IsZero() {
		fs.refuse("ends", "write the later day as ends", "cohort %s ends on %s, before it starts on %s", c.ID, c.Ends, c.Starts)
	}
}
