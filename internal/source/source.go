// Package source holds the nouns of collecting: what is claimed, what a run came
// to and what is remembered of it. Those who pull, keep and show runs have them
// in common; it does none of that.
package source

import (
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

// Claim is one taking of a source by a server. A later claim of the same source
// has a larger number, and ends the right of the former.
type Claim struct {
	Key    programme.SourceKey
	City   int32 // internal ids
	Source int64
	Number int64
}

// Job is a source that a server has claimed, with what it needs to pull it.
type Job struct {
	Claim      Claim
	City       programme.City
	Source     programme.Source
	Indicators []programme.Indicator // the city's
	Last       Last
	Runs       int64 // that have ended, however they did
	Failures   int   // since the last success
}

// Last is what the last success of a source was like; its zero value is that
// there was none.
type Last struct {
	Records int64
	Digest  []byte
	Memory  Memory
}

// Memory is what is remembered of a success, to tell whether there is anything
// new. Its zero value is nothing.
type Memory struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Watermark    string `json:"watermark,omitempty"` // of a portal: when its data changed
	// Until is the day from which something provisional becomes final, so that
	// the same records make other observations; zero is never.
	Until programme.Date `json:"until,omitzero"`
	// City is what of the city went into the observations: its population and
	// its time zone.
	City string `json:"city,omitempty"`
	// Met is how many records met the conditions.
	Met int64 `json:"met,omitempty"`
	// Rare says that somebody accepted that none did: there may be none again.
	Rare bool `json:"rare,omitempty"`
	// Begins is the date of the earliest record that there ever was; zero is not
	// known. A source that begins later now has lost what is before.
	Begins programme.Date `json:"begins,omitzero"`
	// Files are the digests of files that were taken as they are.
	Files []string `json:"files,omitempty"`
}

// Outcome is how a run ended.
type Outcome string

// The outcomes.
const (
	Applied   Outcome = "applied"   // observations were taken in
	Unchanged Outcome = "unchanged" // there was nothing new
	Failed    Outcome = "failed"    // nothing was taken in
)

// Outcomes lists all of them.
func Outcomes() []Outcome { return []Outcome{Applied, Unchanged, Failed} }

// Run is one pull of a source, at its end.
type Run struct {
	Key     programme.SourceKey
	Server  string
	Started time.Time
	Ended   time.Time
	Outcome Outcome
	Reason  string // of a failure, in a word
	Message string // in words
	Records int64
	Upload  int64 // its number; 0 where nothing was taken in
}

// Ended is what is kept of a run beside the record of it.
type Ended struct {
	Run
	Claim Claim
	Last  Last      // what the next run is to know
	Due   time.Time // when the source is due again; zero is never
}

// Trouble is why a source is failing.
type Trouble struct {
	Key      programme.SourceKey
	Since    time.Time // the first failed run after the last that went well
	Failures int       // runs since then
	Reason   string    // of the last, in a word
	Message  string    // in words
	Due      time.Time // when it is tried again; zero is never
}

// State is how a source stands.
type State struct {
	Key       programme.SourceKey
	Up        *bool     // how the last run ended; nil before the first
	Succeeded time.Time // zero: never
	Runs      map[Outcome]int64
}
