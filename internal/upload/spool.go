package upload

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// spool is a file that was kept, brought here to be read again: while it is
// being taken in, the database's connection has no time for it.
type spool struct{ *os.File }

func (s *Service) spool(ctx context.Context, scope Scope, r Record) (spool, error) {
	file, err := os.CreateTemp("", "citygauge-upload-*")
	if err != nil {
		return spool{}, fmt.Errorf("fetch the file of upload %d: %w", r.Number, err)
	}
	if err := s.Store.UploadFile(ctx, scope, r.Number, file); err != nil {
		spool{file}.close()
		return spool{}, fmt.Errorf("fetch the file of upload %d: %w", r.Number, err)
	}
	return spool{file}, nil
}

// received is the file as it was received.
func (s spool) received(r Record) Received {
	file := Received{Name: r.File, Bytes: r.Bytes, Account: r.Account, At: r.At, Content: s.open}
	hex.Decode(file.SHA256[:], []byte(r.SHA256)) //nolint:errcheck // the store's own
	return file
}

func (s spool) open() (io.ReadCloser, error) { return os.Open(s.Name()) }

func (s spool) close() {
	s.Close()
	os.Remove(s.Name()) //nolint:errcheck // in the system's temporary folder
}
