package upload

import (
	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
)

// Listed is how many changes, status changes and problems a report lists; its
// counts are whole.
const Listed = 1000

// Report is what became of an upload. Its JSON is a format that others program
// against.
type Report struct {
	Applied       bool             `json:"applied"`
	Upload        int64            `json:"upload,omitempty"` // the upload's number; 0 where none was kept
	File          string           `json:"file,omitempty"`
	SHA256        string           `json:"sha256"`
	Counts        Counts           `json:"counts"`
	Changes       []Change         `json:"changes"`
	StatusChanges []StatusChange   `json:"status_changes"`
	Problems      []intake.Problem `json:"problems"`
	Token         string           `json:"token,omitempty"`   // with which a preview is committed
	Reverts       int64            `json:"reverts,omitempty"` // the upload that this one reverted
	Sheet         string           `json:"sheet,omitempty"`   // of a workbook, that was read
	Sheets        []string         `json:"sheets,omitempty"`  // to choose from, the first, in their order

	refused bool
}

// Kept is the report of an upload as it was kept, in the state that it was kept
// with.
func (r Report) Kept(state State) Report {
	r.refused = state == Rejected
	return r
}

// Refused reports whether errors in the file stood in the way of all of it.
func (r Report) Refused() bool { return r.refused }

// Counts are the rows of a file by what became of them. Where a file was
// refused, new, changed, unchanged and withdrawn are 0.
type Counts struct {
	Rows      int64 `json:"rows"` // all that are not blank
	New       int64 `json:"new"`
	Changed   int64 `json:"changed"`
	Unchanged int64 `json:"unchanged"`
	Withdrawn int64 `json:"withdrawn"`
	Skipped   int64 `json:"skipped"`  // that hold no value
	Rejected  int64 `json:"rejected"` // that have an error
}

// Change is one observation that an upload made, changed or withdrew.
type Change struct {
	City      string                      `json:"city"`
	Indicator string                      `json:"indicator"`
	Period    programme.Period            `json:"period"`
	Old       progress.Figure             `json:"old"`                  // unknown where there was none, or a suppressed one
	New       progress.Figure             `json:"new"`                  // unknown where there is none, or a suppressed one
	OldStatus programme.ObservationStatus `json:"old_status,omitempty"` // empty where there was none
	NewStatus programme.ObservationStatus `json:"new_status,omitempty"` // empty where it was withdrawn
}

// StatusChange is one target that an upload moved from one status to another.
type StatusChange struct {
	City      string          `json:"city"`
	Indicator string          `json:"indicator"`
	Cohort    string          `json:"cohort"`
	Old       progress.Status `json:"old"` // empty where it was not judged before
	New       progress.Status `json:"new"`
}
