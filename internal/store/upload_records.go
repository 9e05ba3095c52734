package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/upload"
)

const recordColumns = `
	u.upload_id, u.received_at, u.account, u.file_name, encode(u.sha256, 'hex'), u.bytes, u.state, u.report -> 'counts', u.reading,
	array(select slug from citygauge.city where city_id = any(u.city_ids) order by slug),
	coalesce(u.reverts, 0),
	case when u.state = 'reverted' then coalesce((select max(r.upload_id) from citygauge.upload r where r.reverts = u.upload_id), 0) else 0 end`

// scanRecord reads recordColumns, and what a query has behind them.
func scanRecord(scan func(...any) error, more ...any) (upload.Record, error) {
	var r upload.Record
	var counts, reading []byte
	err := scan(append([]any{
		&r.Number, &r.At, &r.Account, &r.File, &r.SHA256, &r.Bytes, &r.State, &counts, &reading, pq.Array(&r.Cities), &r.Reverts, &r.RevertedBy,
	}, more...)...)
	if err != nil {
		return r, err
	}
	return r, errors.Join(json.Unmarshal(counts, &r.Counts), json.Unmarshal(reading, &r.Reading))
}

// Uploads lists the uploads all of whose cities are in a scope, the newest
// first: so many of those with a number below before, or of all where that is
// 0. A scope of nil is all cities, and the uploads that speak of none for
// certain. Where cities are named, only uploads that speak of one of them are
// listed.
func (s *Store) Uploads(ctx context.Context, scope upload.Scope, cities []string, before int64, limit int) ([]upload.Record, error) {
	list := []upload.Record{}
	err := s.inScope(ctx, scope, func(tx *Tx) error {
		ids, err := tx.visibleIDs(ctx, cities)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			select `+recordColumns+`
			from citygauge.upload u
			where ($1 = 0 or u.upload_id < $1) and ($3 or u.city_ids && $4)
			order by u.upload_id desc
			limit $2`, before, limit, cities == nil, pq.Array(ids))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			r, err := scanRecord(rows.Scan)
			if err != nil {
				return err
			}
			list = append(list, r)
		}
		return rows.Err()
	})
	return list, err
}

// Upload is an upload all of whose cities are in a scope, with its report; else
// the error is [upload.ErrNoUpload].
func (s *Store) Upload(ctx context.Context, scope upload.Scope, number int64) (upload.Record, upload.Report, error) {
	return s.uploadWhere(ctx, scope, `u.upload_id = $1`, number)
}

// UploadByKey is the upload that an account sent with a key.
func (s *Store) UploadByKey(ctx context.Context, scope upload.Scope, account, key string) (upload.Record, upload.Report, error) {
	return s.uploadWhere(ctx, scope, `u.account = $1 and u.key = $2`, storable(account), storable(key))
}

func (s *Store) uploadWhere(ctx context.Context, scope upload.Scope, condition string, args ...any) (upload.Record, upload.Report, error) {
	var record upload.Record
	var report upload.Report
	var text []byte
	err := s.uploadRow(ctx, scope, `u.report`, condition, args, &record, &text)
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	return record, report.Kept(record.State), err
}

// UploadByToken is the preview with the hash of a token, and the digest of what
// it changes.
func (s *Store) UploadByToken(ctx context.Context, scope upload.Scope, token []byte) (upload.Record, [32]byte, error) {
	return s.digestWhere(ctx, scope, `u.token = $1`, token)
}

// UploadDigest is an upload, and the digest of what it changes.
func (s *Store) UploadDigest(ctx context.Context, scope upload.Scope, number int64) (upload.Record, [32]byte, error) {
	return s.digestWhere(ctx, scope, `u.upload_id = $1`, number)
}

func (s *Store) digestWhere(ctx context.Context, scope upload.Scope, condition string, args ...any) (upload.Record, [32]byte, error) {
	var record upload.Record
	var text []byte
	err := s.uploadRow(ctx, scope, `coalesce(u.digest, ''::bytea)`, condition, args, &record, &text)
	var digest [32]byte
	copy(digest[:], text)
	return record, digest, err
}

func (s *Store) uploadRow(ctx context.Context, scope upload.Scope, column, condition string, args []any, record *upload.Record, more any) error {
	return s.inScope(ctx, scope, func(tx *Tx) (err error) {
		row := tx.QueryRowContext(ctx, `select `+recordColumns+`, `+column+` from citygauge.upload u where `+condition, args...)
		*record, err = scanRecord(row.Scan, more)
		if errors.Is(err, sql.ErrNoRows) {
			return upload.ErrNoUpload
		}
		return err
	})
}
