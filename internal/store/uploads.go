package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/upload"
)

// beginUpload begins the record of an upload, so that its revisions can name
// it, or takes up that of a preview.
func (t *Tx) beginUpload(ctx context.Context, e upload.Entry, cities []int32) (int64, error) {
	var number int64
	if e.Number > 0 {
		err := t.GetContext(ctx, &number, `
			update citygauge.upload set state = $2, city_ids = $3
			where upload_id = $1 and state = 'previewed'
			returning upload_id`, e.Number, e.State, pq.Array(cities))
		if errors.Is(err, sql.ErrNoRows) {
			return 0, fmt.Errorf("%w: it was used, or removed, meanwhile", upload.ErrNoToken)
		}
		return number, err
	}
	reading, err := json.Marshal(e.Reading)
	if err != nil {
		return 0, err
	}
	sum := e.SHA256[:]
	if e.Content == nil {
		sum = nil
	}
	err = t.GetContext(ctx, &number, `
		insert into citygauge.upload (received_at, account, file_name, sha256, bytes, city_ids, state, report, reading, key, token, reverts)
		values ($1, $2, $3, coalesce($4, ''::bytea), $5, $6, $7, '{}', $8, nullif($9, ''), $10, nullif($11, 0))
		returning upload_id`,
		e.At, storable(e.Account), storable(e.Name), sum, e.Bytes, pq.Array(cities), e.State, string(reading), storable(e.Key), e.Token, e.Reverts)
	if sqlState(err) == uniqueViolation && e.Key != "" {
		return 0, upload.ErrKeyReused
	}
	return number, err
}

// storable is text without what Postgres cannot keep.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// keepUpload completes the record of an upload, tells of it on the trail, and
// keeps its file.
func (t *Tx) keepUpload(ctx context.Context, number int64, e upload.Entry, report upload.Report, digest []byte) error {
	text, err := json.Marshal(report)
	if err != nil {
		return err
	}
	if _, err := t.ExecContext(ctx, `
		update citygauge.upload set report = $2, digest = coalesce($3, digest) where upload_id = $1`, number, string(text), digest); err != nil {
		return err
	}
	if err := t.recordUpload(ctx, number, e); err != nil {
		return err
	}
	if e.Content == nil {
		return nil
	}
	return t.keepFile(ctx, e.Received)
}

// Refused keeps a file that was not applied, with its report.
func (s *Store) Refused(ctx context.Context, scope upload.Scope, e upload.Entry, report upload.Report) (int64, error) {
	tx, cities, err := s.beginFor(ctx, scope)
	if err != nil {
		return 0, err
	}
	defer tx.abandon()
	number, err := tx.beginUpload(ctx, e, cities)
	if err == nil {
		report.Upload = number
		err = tx.keepUpload(ctx, number, e, report, nil)
	}
	return number, tx.end(err)
}

// visibleIDs is the ids of a scope's cities; none for a scope of all.
func (t *Tx) visibleIDs(ctx context.Context, scope upload.Scope) ([]int32, error) {
	ids := []int32{}
	if scope == nil {
		return ids, nil
	}
	err := t.SelectContext(ctx, &ids, `select city_id from citygauge.city where slug = any($1) order by city_id`, pq.Array([]string(scope)))
	return ids, err
}

// beginFor begins a transaction that sees a scope's cities, and answers with
// their ids; none for a scope of all.
func (s *Store) beginFor(ctx context.Context, scope upload.Scope) (*Tx, []int32, error) {
	tx, err := s.begin(ctx, s.systemSetup())
	if err != nil || scope == nil {
		return tx, []int32{}, err
	}
	ids, err := tx.visibleIDs(ctx, scope)
	if err == nil {
		_, err = tx.ExecContext(ctx, s.citiesSetup(ids))
	}
	if err != nil {
		tx.abandon()
		return nil, nil, explained(err)
	}
	return tx, ids, nil
}

// inScope does something in a transaction that sees a scope's cities.
func (s *Store) inScope(ctx context.Context, scope upload.Scope, do func(*Tx) error) error {
	tx, _, err := s.beginFor(ctx, scope)
	if err != nil {
		return err
	}
	defer tx.abandon()
	return tx.end(do(tx))
}
