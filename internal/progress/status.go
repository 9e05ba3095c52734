package progress

// Status is the one word that says how a target stands. The table of statuses
// and their order of precedence is in the README of the project.
type Status string

// The statuses. There is no Met before the end of the year.
const (
	NoData     Status = "no-data"
	Awaiting   Status = "awaiting"
	Met        Status = "met"
	Missed     Status = "missed"
	Early      Status = "early"
	OnTrack    Status = "on-track"
	TooClose   Status = "too-close"
	Slipping   Status = "slipping"
	MovingAway Status = "moving-away"
	OffTrack   Status = "off-track"
)

// appearances are how the statuses are shown, from the best to the worst, then
// those that are no verdict. Good is blue and bad is orange to dark red, which
// people who cannot tell red from green can tell apart (after Okabe and Ito);
// the better and the worse end are darker than the middle, so that a print in
// grey keeps them apart; no verdict is grey. White or black letters, whichever
// fit better, can be read on each. A colour never stands without its words.
var appearances = []struct {
	status        Status
	words, colour string
}{
	{Met, "target met", "#004C7F"},
	{OnTrack, "on track", "#0072B2"},
	{TooClose, "too close to call", "#F0E442"},
	{Slipping, "slipping", "#F5B83D"},
	{OffTrack, "off track", "#B84F00"},
	{MovingAway, "moving away", "#A1260D"},
	{Missed, "target missed", "#6B0F1A"},
	{Early, "too early to say", "#C8C8C8"},
	{Awaiting, "waiting for data", "#6E6E6E"},
	{NoData, "no data yet", "#5C5C5C"},
}

// Statuses lists every status, from the best to the worst, then those that
// are no verdict.
func Statuses() []Status {
	all := make([]Status, len(appearances))
	for i, a := range appearances {
		all[i] = a.status
	}
	return all
}

// Words is the status as it is said to people, such as "too close to call".
func (s Status) Words() string {
	for _, a := range appearances {
		if a.status == s {
			return a.words
		}
	}
	return string(s)
}

// Colour is the one colour of the status, wherever it is shown, as #RRGGBB.
func (s Status) Colour() string {
	for _, a := range appearances {
		if a.status == s {
			return a.colour
		}
	}
	return ""
}

// Freshness says whether an indicator's values come when they are due.
type Freshness string

// The freshnesses: late once the next value is due, missing once the one after
// it is. Where it cannot be told it is empty.
const (
	Fresh   Freshness = "fresh"
	Late    Freshness = "late"
	Missing Freshness = "missing"
)

// Freshnesses lists every freshness.
func Freshnesses() []Freshness { return []Freshness{Fresh, Late, Missing} }
