package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/upload"
)

// filePart is how many bytes of a file are kept in one row.
const filePart = 1 << 20

// numberUpload begins the record of an upload, so that its revisions can name
// it.
func (t *Tx) numberUpload(ctx context.Context, file upload.Received, cities []int32) (int64, error) {
	if cities == nil {
		cities = []int32{}
	}
	var number int64
	err := t.GetContext(ctx, &number, `
		insert into citygauge.upload (received_at, account, file_name, sha256, bytes, city_ids, state, report)
		values ($1, $2, $3, $4, $5, $6, 'previewed', '{}')
		returning upload_id`,
		file.At, storable(file.Account), storable(file.Name), file.SHA256[:], file.Bytes, pq.Array(cities))
	return number, err
}

// storable is text without what Postgres cannot keep.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// keepUpload completes the record of an upload and keeps its file, once for
// all uploads of the same bytes.
func (t *Tx) keepUpload(ctx context.Context, number int64, file upload.Received, state string, report upload.Report) error {
	text, err := json.Marshal(report)
	if err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, `update citygauge.upload set state = $2, report = $3 where upload_id = $1`, number, state, text); err != nil {
		return err
	}
	var kept bool
	if err := t.GetContext(ctx, &kept, `select exists (select from citygauge.upload_file where sha256 = $1)`, file.SHA256[:]); err != nil || kept {
		return err
	}
	content, err := file.Content()
	if err != nil {
		return fmt.Errorf("keep the file %s: %w", file.Name, err)
	}
	defer content.Close()
	part := make([]byte, filePart)
	for n := 0; ; n++ {
		size, err := io.ReadFull(content, part)
		if size > 0 {
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

// Refused keeps a file that was not applied, with its report.
func (s *Store) Refused(ctx context.Context, scope upload.Scope, file upload.Received, report upload.Report) (int64, error) {
	var number int64
	keep := func(tx *Tx) error {
		cities, err := tx.visibleIDs(ctx, scope)
		if err != nil {
			return err
		}
		if number, err = tx.numberUpload(ctx, file, cities); err != nil {
			return err
		}
		report.Upload = number
		return tx.keepUpload(ctx, number, file, "rejected", report)
	}
	setup, err := s.scopeSetup(ctx, scope)
	if err != nil {
		return 0, err
	}
	err = s.within(ctx, setup, keep)
	return number, err
}

// visibleIDs is the ids of a scope's cities; none for a scope of all, since a
// refused file speaks of no city for certain.
func (t *Tx) visibleIDs(ctx context.Context, scope upload.Scope) ([]int32, error) {
	var ids []int32
	if scope == nil {
		return ids, nil
	}
	err := t.SelectContext(ctx, &ids, `select city_id from citygauge.city where slug = any($1) order by city_id`, pq.Array([]string(scope)))
	return ids, err
}

// scopeSetup is how a transaction for a scope's cities begins.
func (s *Store) scopeSetup(ctx context.Context, scope upload.Scope) (string, error) {
	if scope == nil {
		return s.systemSetup(), nil
	}
	var ids []int32
	err := s.System(ctx, func(tx *Tx) (err error) {
		ids, err = tx.visibleIDs(ctx, scope)
		return err
	})
	return s.citiesSetup(ids), err
}
