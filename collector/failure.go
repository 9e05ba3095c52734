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

// Do is what to do about a failure, beyond what its message says.
func (r Reason) Do() string {
	switch r {
	case Internal:
		return "read the log of citygauge serve"
	case Unreachable, Busy, Incomplete:
		return "wait for the next tries, since this may mend itself; if it does not, open the url in a browser, and ask who publishes it"
	case Refused:
		return "correct the url, the dataset or the secret of the source, by what the answer says"
	case NotAllowed:
		return "allow it where citygauge is started, or correct the url"
	case TooLarge:
		return "ask for less in the url or the query"
	case Capped, Shrunk:
		return "look at the source; where it is right, citygauge collect --accept-fewer takes it as it is, once"
	case Repeated:
		return "ask who publishes it: its pages overlap"
	case MissingColumn, BadRecord:
		return "look at the source; correct the fields of its declaration, or have the record corrected where it is published"
	case NotData:
		return "open the url in a browser that is not signed in, and correct it"
	case Rejected:
		return "read the report of the upload; correct the records where they are published, or the declaration"
	case NoSecret:
		return "set the secret where citygauge serve runs, and start it again"
	case Undeclared:
		return "correct the declaration, and apply it"
	}
	return ""
}

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
