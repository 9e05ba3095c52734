package upload

import (
	"context"
	"errors"
	"fmt"
	"reflect"
)

// ErrKeyReused is the error of a key under which the account sent another file,
// or the same one to be read in another way.
var ErrKeyReused = errors.New("the idempotency key was used for another upload: choose a new one for every file")

// answered is the report of the upload that was sent with the entry's key
// before; its error is ErrNoUpload where there was none.
func (s *Service) answered(ctx context.Context, r Request, e Entry) (Report, error) {
	if e.Key == "" {
		return Report{}, ErrNoUpload
	}
	record, report, err := s.Store.UploadByKey(ctx, r.Scope, e.Account, e.Key)
	if err != nil {
		return Report{}, err
	}
	if record.SHA256 != fmt.Sprintf("%x", e.SHA256) || !reflect.DeepEqual(record.Reading, e.Reading) {
		return Report{}, ErrKeyReused
	}
	if r.Problem != nil {
		for _, p := range report.Problems {
			if err := r.Problem(p); err != nil {
				return Report{}, err
			}
		}
	}
	return report, nil
}
