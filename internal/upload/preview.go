package upload

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"
)

// TokenLife is how long a preview can be committed.
const TokenLife = 24 * time.Hour

// ErrNoToken is the error of a token that commits nothing: nobody was given it,
// or another account, it was used, or it is too old.
var ErrNoToken = errors.New("this token does not commit a preview")

// Preview answers exactly what Import would do now: it is the import itself, but
// that only its record is written. The file is kept, and where it is not refused
// the report has a token, with which the same account may commit it, once, within
// [TokenLife]. A request's key has no meaning here: previewing twice does no harm.
func (s *Service) Preview(ctx context.Context, r Request) (Report, error) {
	r.Name = shortened(r.Name)
	entry, err := s.entry(r, Previewed)
	if err != nil {
		return Report{}, err
	}
	token := rand.Text()
	entry.Token = hashed(token)
	report, err := s.keep(ctx, r, entry)
	if err == nil && !report.refused {
		report.Token = token
	}
	return report, err
}

// hashed is a token as it is kept.
func hashed(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Commit imports the file of a preview, and changes precisely what the preview
// showed; the upload keeps its number. Errors are ErrNoToken, and ErrConflict
// where by now it would change something else, or the file would be refused.
func (s *Service) Commit(ctx context.Context, token string, by Sender) (Report, error) {
	return s.commit(ctx, by, func() (Record, [32]byte, error) { return s.Store.UploadByToken(ctx, by.Scope, hashed(token)) })
}

// Confirm is Commit for who has a preview's number before their eyes instead of
// its token: likewise the account that made it alone.
func (s *Service) Confirm(ctx context.Context, number int64, by Sender) (Report, error) {
	return s.commit(ctx, by, func() (Record, [32]byte, error) { return s.Store.UploadDigest(ctx, by.Scope, number) })
}

func (s *Service) commit(ctx context.Context, by Sender, find func() (Record, [32]byte, error)) (Report, error) {
	start := s.Now()
	report, err := s.commitFound(ctx, by, find)
	s.observe(start, report, err)
	return report, err
}

func (s *Service) commitFound(ctx context.Context, by Sender, find func() (Record, [32]byte, error)) (Report, error) {
	record, digest, err := find()
	switch {
	case errors.Is(err, ErrNoUpload), err == nil && record.Account != by.Account:
		return Report{}, fmt.Errorf("%w: preview the file, and use the token of its report", ErrNoToken)
	case err != nil:
		return Report{}, err
	case record.State == Rejected:
		return Report{}, fmt.Errorf("%w: upload %d was refused", ErrNoToken, record.Number)
	case record.State != Previewed:
		return Report{}, fmt.Errorf("%w: it was used, and upload %d was applied", ErrNoToken, record.Number)
	case s.Now().Sub(record.At) > TokenLife:
		return Report{}, fmt.Errorf("%w any more: it is older than %d hours: preview the file again", ErrNoToken, int(TokenLife.Hours()))
	}
	scope := record.Reading.Scope
	if scope == nil { // who was allowed everything may be so no longer
		scope = by.Scope
	}
	file, err := s.spool(ctx, by.Scope, record)
	if err != nil {
		return Report{}, err
	}
	defer file.close()
	r := record.again(scope)
	entry := Entry{Number: record.Number, State: Applied, Received: file.received(record), Reading: record.Reading}
	report, err := s.take(ctx, r, entry, func(t Taken) error {
		if t.Digest != digest {
			return errMoved
		}
		return nil
	})
	if err == nil && report.refused {
		return Report{}, errMoved
	}
	return report, err
}

var errMoved = fmt.Errorf("%w: it would change something else by now: preview the file again", ErrConflict)
