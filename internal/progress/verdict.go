package progress

// evidence is what a status is decided by, in the order of the tables.
type evidence struct {
	known                   bool // M is, and there is something to compare it with
	missing, over, complete bool // data; the year; what the verdict needs
	ranged                  bool // there is a range to stay in, and no way to go
	share                   Figure

	progress, expected, pace, halfWidth float64

	distance float64 // of M from the range, 0 where it is there but for rounding
	byChance float64 // how far outside may be chance
	near     float64 // how far outside is near
}

// The cut points of Eurostat's and the United Nations' monitoring of the
// Sustainable Development Goals: from 95 % of the pace that a target needs,
// progress is on track, and from 60 % it is moderate. earlyShare is the part of
// the expected progress, or of the year's total, up to which it is too early to
// say anything.
const (
	onTrackPace  = 0.95
	slippingPace = 0.60
	earlyShare   = 0.05
)

// Row is a row of a table of statuses: the first whose condition holds is the
// status.
type Row struct {
	Status Status
	When   string // the condition, in words and in the letters of the package
}

type row struct {
	Row
	holds func(evidence) bool
}

// byPace and byRange are the tables of statuses for a target with a way to go
// and for a range to stay in.
var (
	byPace = []row{
		{Row{NoData, "nothing of the year is observed, or there is nothing to compare it with"}, evidence.nothing},
		{Row{Awaiting, "data are missing, or the year is over and not wholly observed"}, evidence.awaiting},
		{Row{Met, "the year is over, and p ≥ 1"}, evidence.met},
		{Row{Missed, "the year is over, and p < 1"}, evidence.isOver},
		{Row{Early, "e < 0.05, or share < 0.05"}, evidence.early},
		{Row{OnTrack, "pace ≥ 0.95 and pace − h ≥ 0.60"}, func(e evidence) bool {
			return reaches(e.pace, onTrackPace) && reaches(e.pace-e.halfWidth, slippingPace)
		}},
		{Row{TooClose, "pace ≥ 0.95, or pace + h ≥ 0.95"}, func(e evidence) bool {
			return reaches(e.pace, onTrackPace) || reaches(e.pace+e.halfWidth, onTrackPace)
		}},
		{Row{Slipping, "pace ≥ 0.60"}, func(e evidence) bool { return reaches(e.pace, slippingPace) }},
		{Row{MovingAway, "pace + h < 0"}, func(e evidence) bool { return !reaches(e.pace+e.halfWidth, 0) }},
		{Row{OffTrack, "nothing of the above"}, evidence.otherwise},
	}
	byRange = []row{
		{Row{NoData, "nothing of the year is observed, or there is nothing to compare it with"}, evidence.nothing},
		{Row{Awaiting, "data are missing, or the year is over and not wholly observed"}, evidence.awaiting},
		{Row{Met, "the year is over, and z = 0"}, evidence.met},
		{Row{Missed, "the year is over, and z > 0"}, evidence.isOver},
		{Row{Early, "share < 0.05"}, evidence.early},
		{Row{OnTrack, "z = 0"}, evidence.reached},
		{Row{TooClose, "z ≤ chance"}, func(e evidence) bool { return e.distance <= e.byChance }},
		{Row{Slipping, "z ≤ near"}, func(e evidence) bool { return e.distance <= e.near }},
		{Row{OffTrack, "nothing of the above"}, evidence.otherwise},
	}
)

func (e evidence) table() []row {
	if e.ranged {
		return byRange
	}
	return byPace
}

// decided is the place in the table of the first row that holds: the last one
// always does.
func (e evidence) decided() int {
	table := e.table()
	for n := range table {
		if table[n].holds(e) {
			return n
		}
	}
	return len(table) - 1
}

func (e evidence) status() Status { return e.table()[e.decided()].Status }

func (e evidence) nothing() bool   { return !e.known }
func (e evidence) awaiting() bool  { return e.missing || e.over && !e.complete }
func (e evidence) isOver() bool    { return e.over }
func (e evidence) met() bool       { return e.over && e.reached() }
func (e evidence) otherwise() bool { return true }

func (e evidence) early() bool {
	return !e.ranged && !reaches(e.expected, earlyShare) || e.share.Known && !reaches(e.share.Number, earlyShare)
}

// reached reports whether the target is, now or at the end.
func (e evidence) reached() bool {
	if e.ranged {
		return e.distance <= 0
	}
	return reaches(e.progress, 1)
}
