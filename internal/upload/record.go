package upload

import (
	"errors"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
)

// State is what became of an upload.
type State string

// The states of an upload.
const (
	Previewed State = "previewed" // shown, and not applied
	Applied   State = "applied"
	Rejected  State = "rejected" // it had errors
	Reverted  State = "reverted" // it was applied, and what stood before was restored
)

// ErrNoUpload is the error of an upload that does not exist, or not for the
// one who asks.
var ErrNoUpload = errors.New("there is no such upload")

// ErrNoFile is the error of asking for the file of an upload without one.
var ErrNoFile = errors.New("this upload reverted another, and has no file of its own")

// Sender is who asks: the account's name for the record, and the cities that it
// may write; nil is all.
type Sender struct {
	Account string
	Scope   Scope
}

// Record is an upload as it is listed.
type Record struct {
	Number     int64     `json:"upload"`
	At         time.Time `json:"at"`
	Account    string    `json:"account"`
	File       string    `json:"file"`   // its name; empty for a revert
	SHA256     string    `json:"sha256"` // in hexadecimal; empty for a revert
	Bytes      int64     `json:"bytes"`
	Cities     []string  `json:"cities"` // that its rows speak of; where none is known for certain, those of the sender, or none
	State      State     `json:"state"`
	Counts     Counts    `json:"counts"`
	Reverts    int64     `json:"reverts,omitempty"`     // the upload that this one reverted
	RevertedBy int64     `json:"reverted_by,omitempty"` // where its state is reverted
	Reading    Reading   `json:"-"`
}

// Reading is how a file is read, beyond what its bytes say.
type Reading struct {
	Scope     Scope          `json:"scope"`
	Indicator string         `json:"indicator,omitempty"`
	Sheet     string         `json:"sheet,omitempty"`
	Decimal   intake.Decimal `json:"decimal,omitempty"`
	OnError   OnError        `json:"on_error,omitempty"`
}

func (r Request) reading() Reading {
	return Reading{Scope: r.Scope, Indicator: r.Indicator, Sheet: r.Sheet, Decimal: r.Decimal, OnError: r.OnError}
}

// again is the request by which a file that was kept is read as it was the
// first time. Its limits are the widest: the file passed narrower ones.
func (r Record) again(scope Scope) Request {
	return Request{
		Name: r.File, Account: r.Account, Scope: scope,
		Indicator: r.Reading.Indicator, Sheet: r.Reading.Sheet, Decimal: r.Reading.Decimal, OnError: r.Reading.OnError,
	}
}
