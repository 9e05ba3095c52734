package programme

import (
	"net/url"
	"regexp"
	"strings"
)

// Source is where a city publishes what an indicator is made of. Which kinds
// there are, and what each of them needs, is for those who pull them to say.
type Source struct {
	City string `json:"-"`
	ID   string `json:"-"` // slug, unique in its city

	Kind    string `json:"kind"`              // such as csv or socrata
	URL     string `json:"url"`               // of a file, a portal, a layer or a database
	Dataset string `json:"dataset,omitempty"` // the portal's name for the table
	Query   string `json:"query,omitempty"`   // what a database is asked
	Records string `json:"records,omitempty"` // where in a JSON answer the list of records is

	Indicator string       `json:"indicator,omitempty"` // slug; empty where the records say
	Fields    SourceFields `json:"fields"`
	Where     string       `json:"where,omitempty"` // which records count
	// Aggregate makes observations of incidents, such as count; empty where
	// each record is an observation.
	Aggregate string  `json:"aggregate,omitempty"`
	Of        string  `json:"of,omitempty"`   // the field that is summed, averaged …
	Only      string  `json:"only,omitempty"` // of a rate: which records are above the line
	Over      string  `json:"over,omitempty"` // of a rate: a field, population or records
	Per       float64 `json:"per,omitempty"`  // of a rate: per so many; 0 is 1

	// SettleDays is how long after its end a period stays provisional, since
	// incidents are still being entered.
	SettleDays int    `json:"settle_days,omitempty"`
	Decimal    string `json:"decimal,omitempty"`  // point, comma or, where the values settle it, empty
	Schedule   string `json:"schedule,omitempty"` // a cron expression in the city's time, after-due, or empty: by hand alone

	Token    string `json:"token,omitempty"` // a reference, as password is: never the secret itself
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
}

// SourceFields are the names of what is read of each record, as the source
// writes them; in JSON, paths. Empty is the word itself for a file of
// observations, and not read otherwise.
type SourceFields struct {
	Period    string `json:"period,omitempty"`
	Date      string `json:"date,omitempty"` // of an incident
	Format    string `json:"format,omitempty"`
	Value     string `json:"value,omitempty"`
	Indicator string `json:"indicator,omitempty"`
	Status    string `json:"status,omitempty"`
	Note      string `json:"note,omitempty"`
}

// SourceKey names a source among all others.
type SourceKey struct {
	City, Source string
}

func (k SourceKey) String() string { return k.City + "/" + k.Source }

// Key names the source among all others.
func (s Source) Key() SourceKey { return SourceKey{s.City, s.ID} }

const maxSettleDays = 3660

// secretReference is an environment variable, or a file.
var secretReference = regexp.MustCompile(`^(\$\{env:[A-Za-z_][A-Za-z0-9_]*\}|file:/.+)$`)

// check refuses what no source can be. It never repeats what may be a secret.
func (s Source) check(fs *faults) {
	fs.slug("source", s.ID)
	for _, f := range []struct{ name, text string }{
		{"url", s.URL},
		{"dataset", s.Dataset},
		{"query", s.Query},
		{"records", s.Records},
		{"fields.period", s.Fields.Period},
		{"fields.date", s.Fields.Date},
		{"fields.format", s.Fields.Format},
		{"fields.value", s.Fields.Value},
		{"fields.indicator", s.Fields.Indicator},
		{"fields.status", s.Fields.Status},
		{"fields.note", s.Fields.Note},
		{"where", s.Where},
		{"of", s.Of},
		{"only", s.Only},
		{"over", s.Over},
		{"user", s.User},
	} {
		fs.text(f.name, f.text)
	}
	if at, err := url.Parse(s.URL); err != nil {
		fs.refuse("url", "write it as a browser shows it", "the url of source %s cannot be read", s.ID)
	} else if _, has := at.User.Password(); has {
		fs.refuse("url", "write the user as user and the password as password: ${env:NAME}", "the url of source %s holds a password", s.ID)
	}
	for _, f := range []struct{ name, reference string }{{"token", s.Token}, {"password", s.Password}} {
		switch {
		case f.reference == "":
		case !secretReference.MatchString(f.reference):
			fs.refuse(f.name, "write ${env:NAME} for an environment variable of the server, or file:/run/secrets/name", "the %s of source %s is not a reference to a secret", f.name, s.ID)
		case strings.HasPrefix(f.reference, "${env:CITYGAUGE_") && !strings.HasPrefix(f.reference, "${env:CITYGAUGE_SOURCE_"):
			fs.refuse(f.name, "name one that begins with CITYGAUGE_SOURCE_, or not with CITYGAUGE_", "the %s of source %s would be the server's own", f.name, s.ID)
		}
	}
	switch s.Decimal {
	case "", "point", "comma":
	default:
		fs.refuse("decimal", "write point or comma", "decimal is %q", s.Decimal)
	}
	if !within(s.Per, 0, Largest) {
		fs.refuse("per", "write a number such as 100000", "per is %v", s.Per)
	}
	if s.SettleDays < 0 || s.SettleDays > maxSettleDays {
		fs.refuse("settle_days", "write the days after a period's end in which incidents are still entered", "settle_days is %d", s.SettleDays)
	}
}
