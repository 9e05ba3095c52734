package collector

import (
	"errors"
	"fmt"
	"time"
)

// Reason is why a run failed, in a word that programs may compare.
type Reason string

// The reasons.
const (
	Unreachable   Reason = "unreachable"    // no answer, or one that broke off
	Busy          Reason = "busy"           // the source asks to be left alone for a while
	Refused       Reason = "refused"        // the source answers with an error
	NotAllowed    Reason = "not-allowed"    // the address or file is one that may not be read
	TooLarge      Reason = "too-large"      // the answer is larger than is taken
	Incomplete    Reason = "incomplete"     // fewer or more records than were announced
	Capped        Reason = "capped"         // as many records as the source's limit, and no word on whether there are more
	Repeated      Reason = "repeated-page"  // a page came twice
	MissingColumn Reason = "missing-column" // a field that is mapped is no longer there
	NotData       Reason = "not-data"       // such as a sign-in page
	Shrunk        Reason = "shrunk"         // a fraction of the usual number of records
	BadRecord     Reason = "bad-record"     // a value that cannot be read
	Rejected      Reason = "rejected"       // the observations have errors: the upload's report says which
	NoSecret      Reason = "no-secret"      // a secret that is referred to is not there
	Undeclared    Reason = "undeclared"     // the declaration cannot be followed
	Internal      Reason = "internal"       // not the source's fault
)

// Failure is the error of a run that ended without a result.
type Failure struct {
	Reason Reason
	Err    error
	// Retry is whether the same may go well soon; After is how long the source
	// asked to wait, if it did.
	Retry bool
	After time.Duration
}

func (f *Failure) Error() string { return f.Err.Error() }

func (f *Failure) Unwrap() error { return f.Err }

// fail is a failure that only a change elsewhere can mend.
func fail(reason Reason, format string, args ...any) error {
	return &Failure{Reason: reason, Err: fmt.Errorf(format, args...)}
}

// failSoon is a failure that may mend itself.
func failSoon(reason Reason, format string, args ...any) error {
	return &Failure{Reason: reason, Err: fmt.Errorf(format, args...), Retry: true}
}

// failureOf is what is wrong, whatever the error.
func failureOf(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Reason: Internal, Err: err, Retry: true}
}
