package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"github.com/citygauge/citygauge/internal/upload"
)

// filePart is how many bytes of a file are kept in one row.
const filePart = 1 << 20

// keepFile keeps a file, once for all uploads of the same bytes.
func (t *Tx) keepFile(ctx context.Context, file upload.Received) error {
	var kept bool
	// Locked, so that daily work does not remove it before this upload is seen.
	err := t.GetContext(ctx, &kept, `select true from citygauge.upload_file where sha256 = $1 and part = 0 for key share`, file.SHA256[:])
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	content, err := file.Content()
	if err != nil {
		return fmt.Errorf("keep the file %s: %w", file.Name, err)
	}
	defer content.Close()
	part := make([]byte, min(filePart, file.Bytes+1))
	for n := 0; ; n++ {
		size, err := io.ReadFull(content, part)
		// A file without a byte has a part, too.
		if size > 0 || n == 0 {
			if _, err := t.ExecContext(ctx, `
				insert into citygauge.upload_file (sha256, part, content) values ($1, $2, $3)
				on conflict do nothing`, file.SHA256[:], n, part[:size]); err != nil {
				return fmt.Errorf("keep the file %s: %w", file.Name, err)
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return fmt.Errorf("keep the file %s: %w", file.Name, err)
		}
	}
}

// UploadFile writes an upload's file as it was received. Parts are fetched one
// by one, so that a slow reader holds no connection. Errors are
// [upload.ErrNoUpload], [upload.ErrNoFile] and those of writing.
func (s *Store) UploadFile(ctx context.Context, scope upload.Scope, number int64, w io.Writer) error {
	for n := 0; ; n++ {
		var part []byte
		err := s.inScope(ctx, scope, func(tx *Tx) error {
			return tx.filePart(ctx, number, n, &part)
		})
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := w.Write(part); err != nil {
			return err
		}
		if len(part) < filePart {
			return nil
		}
	}
}

// filePart reads a part of an upload's file; its error is io.EOF behind the
// last.
func (t *Tx) filePart(ctx context.Context, number int64, n int, part *[]byte) error {
	var content []byte
	var hasFile, found bool
	err := t.QueryRowContext(ctx, `
		select f.content, u.sha256 <> '', f.sha256 is not null
		from citygauge.upload u
		left join citygauge.upload_file f on f.sha256 = u.sha256 and f.part = $2
		where u.upload_id = $1`, number, n).Scan(&content, &hasFile, &found)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return upload.ErrNoUpload
	case err != nil:
		return err
	case !hasFile:
		return upload.ErrNoFile
	case !found && n == 0:
		return fmt.Errorf("the file of upload %d is gone from the database", number)
	case !found:
		return io.EOF
	}
	*part = content
	return nil
}
