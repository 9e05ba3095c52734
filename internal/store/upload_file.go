package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/upload"
)

// filePart is how many bytes of a file are kept in one row.
const filePart = 1 << 20

// smallFile is how many bytes of a file go to the database together with those
// of others.
const smallFile = 64 << 10

// keepFiles keeps files, once for all uploads of the same bytes.
func (t *Tx) keepFiles(ctx context.Context, files []upload.Received) error {
	sums := make([][]byte, len(files))
	for n, f := range files {
		sums[n] = f.SHA256[:]
	}
	var kept [][]byte
	// Locked, so that daily work does not remove them before these uploads are
	// seen.
	if err := t.SelectContext(ctx, &kept, `
		select sha256 from citygauge.upload_file where sha256 = any($1) and part = 0 order by sha256 for key share`, pq.Array(sums)); err != nil {
		return err
	}
	var small, contents [][]byte
	// In one order, so that two that keep the same never wait for each other.
	for _, f := range slices.SortedFunc(slices.Values(files), func(a, b upload.Received) int { return bytes.Compare(a.SHA256[:], b.SHA256[:]) }) {
		if slices.ContainsFunc(kept, func(sum []byte) bool { return bytes.Equal(sum, f.SHA256[:]) }) {
			continue
		}
		if f.Bytes > smallFile {
			if err := t.keepFile(ctx, f); err != nil {
				return fmt.Errorf("keep the file %s: %w", f.Name, err)
			}
			continue
		}
		content, err := wholeFile(f)
		if err != nil {
			return fmt.Errorf("keep the file %s: %w", f.Name, err)
		}
		small, contents = append(small, f.SHA256[:]), append(contents, content)
	}
	if small == nil {
		return nil
	}
	_, err := t.ExecContext(ctx, `
		insert into citygauge.upload_file (sha256, part, content)
		select sha256, 0, content from unnest($1::bytea[], $2::bytea[]) as files(sha256, content)
		on conflict do nothing`, pq.Array(small), pq.Array(contents))
	return err
}

func wholeFile(f upload.Received) ([]byte, error) {
	content, err := f.Content()
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return io.ReadAll(content)
}

// keepFile keeps a file in parts.
func (t *Tx) keepFile(ctx context.Context, file upload.Received) error {
	content, err := file.Content()
	if err != nil {
		return err
	}
	defer content.Close()
	part := make([]byte, min(filePart, file.Bytes+1))
	for n := 0; ; n++ {
		size, err := io.ReadFull(content, part)
		if size > 0 {
			if _, err := t.ExecContext(ctx, `
				insert into citygauge.upload_file (sha256, part, content) values ($1, $2, $3)
				on conflict do nothing`, file.SHA256[:], n, part[:size]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil
		case err != nil:
			return err
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
