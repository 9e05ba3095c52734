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

// Store is where uploads are taken in and kept. What it answers about those
// that were is limited to a scope: an upload is there where all of its cities
// are. Else, and where there is none, the error is [ErrNoUpload].
type Store interface {
	// Begin opens the taking in of one file. Its programme is that of the
	// scope's cities, or the whole one.
	Begin(ctx context.Context, scope Scope) (Transaction, error)
	// Refused keeps a file that was not applied, with its report, and answers
	// with the upload's number.
	Refused(ctx context.Context, scope Scope, e Entry, report Report) (int64, error)
	// Upload is what is known of an upload.
	Upload(ctx context.Context, scope Scope, number int64) (Record, Report, error)
	// UploadByKey is the upload that an account sent with a key.
	UploadByKey(ctx context.Context, scope Scope, account, key string) (Record, Report, error)
	// UploadByToken is the preview with the hash of a token, also once it was
	// committed, and the digest of what it changes.
	UploadByToken(ctx context.Context, scope Scope, token []byte) (Record, [32]byte, error)
	// UploadDigest is the same by an upload's number.
	UploadDigest(ctx context.Context, scope Scope, number int64) (Record, [32]byte, error)
	// UploadFile writes an upload's file as it was received.
	UploadFile(ctx context.Context, scope Scope, number int64, w io.Writer) error
}

// Scope is the cities that an uploader may write, by slug; nil is all.
type Scope []string

// Transaction is one file being taken in, or several small ones. Nothing of it is seen by anybody
// before Commit, and nothing of it is left after Abandon. It is used by one
// goroutine, in the order of its methods.
type Transaction interface {
	// Programme is what the file may speak of. Rows refer to its cities and
	// indicators by their places in it.
	Programme() programme.Programme
	// Stage receives the rows of a file with so many bytes. No two that Unstage
	// leaves have one key. Small files may be staged one after the other, to be
	// taken in together, where none has rows of an indicator that another has
	// rows of.
	Stage(ctx context.Context, bytes int64, feed func(add func(intake.Row) error) error) error
	// Bounds are what a value is expected to be within, by what was observed
	// before. It may be asked while rows are staged.
	Bounds(ctx context.Context, k intake.Key) (intake.Bounds, error)
	// Unstage takes rows of the newest file back.
	Unstage(ctx context.Context, keys []intake.Key) error
	// Undo stages, instead of a file's rows, what stood before an upload, and
	// marks that as reverted. Its errors are those of [Service.Revert].
	Undo(ctx context.Context, number int64) error
	// Take makes the staged rows observations, and judges again what they
	// touch; of a preview it tells what that would come to. It is given an entry
	// for each file, and answers likewise. From here on other changes of the same
	// cities wait. Its error
	// wraps ErrConflict where the programme changed since Begin, ErrKeyReused
	// where the account has an upload with the entry's key, and ErrNoToken
	// where it is a preview that was committed meanwhile.
	Take(ctx context.Context, e ...Entry) ([]Taken, error)
	// Commit keeps what was taken, with each file and its report; of a preview
	// the file and the report alone.
	Commit(ctx context.Context, reports ...Report) error
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

// Entry is what is recorded of an upload, beside what became of it.
type Entry struct {
	Received       // without content for a revert
	Number   int64 // of the preview that is applied; 0 for a new record
	State    State // what the upload will be
	Reading  Reading
	Key      string // the sender's own, where it has one
	Token    []byte // the hash of a preview's token
	Reverts  int64  // the upload that this one reverts
	Cities   []int  // that its rows speak of, by their places in the programme
	// Beyond says that there are rows which may speak of any city that the sender
	// may write: who may not see all of these is not to see the file.
	Beyond bool
}

// Taken is what became of the rows of a file.
type Taken struct {
	Upload        int64 // its number
	Counts        Counts
	Digest        [32]byte       // of key, kind, old and new of each change; of a preview and what commits one
	Changes       []Change       // the first, as many as are listed
	StatusChanges []StatusChange // likewise
	Problems      []intake.Problem
}
