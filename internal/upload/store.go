package upload

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// ErrConflict is the error of a change that another one overtook; it may be
// tried again.
var ErrConflict = errors.New("the data changed meanwhile")

// Store is where uploads are taken in.
type Store interface {
	// Begin opens the taking in of one file. Its programme is that of the
	// scope's cities, or the whole one.
	Begin(ctx context.Context, scope Scope) (Transaction, error)
	// Refused keeps a file that was not applied, with its report, and answers
	// with the upload's number.
	Refused(ctx context.Context, scope Scope, file Received, report Report) (int64, error)
}

// Scope is the cities that an uploader may write, by slug; nil is all.
type Scope []string

// Transaction is one file being taken in. Nothing of it is seen by anybody
// before Commit, and nothing of it is left after Abandon. It is used by one
// goroutine, in the order of its methods.
type Transaction interface {
	// Programme is what the file may speak of. Rows refer to its cities and
	// indicators by their places in it.
	Programme() programme.Programme
	// Stage receives the file's rows. No two that Unstage leaves have one key.
	Stage(ctx context.Context, feed func(add func(intake.Row) error) error) error
	// Bounds are what a value is expected to be within, by what was observed
	// before. It may be asked while rows are staged.
	Bounds(ctx context.Context, k intake.Key) (intake.Bounds, error)
	// Unstage takes staged rows back.
	Unstage(ctx context.Context, keys []intake.Key) error
	// Take makes the staged rows observations, and judges again what they
	// touch. From here on other changes of the same cities wait. Its error
	// wraps ErrConflict where the programme changed since Begin.
	Take(ctx context.Context, file Received) (Taken, error)
	// Commit keeps what was taken, with the file and its report, and answers
	// with the upload's number.
	Commit(ctx context.Context, report Report) error
	// Abandon ends a transaction that was not committed; after Commit it does
	// nothing.
	Abandon()
}

// Received is a file as it came in.
type Received struct {
	Name    string
	SHA256  [32]byte
	Bytes   int64
	Account string                        // who sent it
	At      time.Time                     // when
	Content func() (io.ReadCloser, error) // its bytes; it may be opened several times
}

// Taken is what became of the staged rows.
type Taken struct {
	Upload        int64 // its number
	Counts        Counts
	Changes       []Change       // the first, as many as are listed
	StatusChanges []StatusChange // likewise
	Problems      []intake.Problem
}
