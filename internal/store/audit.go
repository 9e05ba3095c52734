package store

import (
	"context"
	"database/sql"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/upload"
)

// Record adds an entry to the trail.
func (s *Store) Record(ctx context.Context, e account.Entry) error {
	return s.System(ctx, func(tx *Tx) error { return tx.record(ctx, e) })
}

// record adds an entry to the trail, with what it tells of or not at all.
func (t *Tx) record(ctx context.Context, e account.Entry) error {
	var ids []int32
	if err := t.SelectContext(ctx, &ids, `select city_id from citygauge.city where slug = any($1) order by city_id`, pq.Array(e.Cities)); err != nil {
		return err
	}
	return t.recordOf(ctx, e, ids)
}

// recordOf is record of cities by their ids.
func (t *Tx) recordOf(ctx context.Context, e account.Entry, ids []int32) error {
	if ids == nil {
		ids = []int32{}
	}
	_, err := t.ExecContext(ctx, `
		insert into citygauge.audit (at, account_id, account, token_id, address, action, subject, city_ids, upload_id)
		values ($1, nullif($2, 0), $3, nullif($4, 0), $5, $6, $7, $8, nullif($9, 0))`,
		e.At, e.By.Account, storable(e.By.Name), e.By.Token, storable(e.By.Address), e.Action, storable(e.Subject), pq.Array(ids), e.Upload)
	return err
}

// uploadAction is what the trail calls an upload.
func uploadAction(e upload.Entry) account.Action {
	switch {
	case e.Reverts > 0:
		return account.Reverted
	case e.State == upload.Previewed:
		return account.Previewed
	case e.State == upload.Rejected:
		return account.UploadRefused
	case e.Number > 0:
		return account.Committed
	}
	return account.Uploaded
}

// Trail is the newest entries, the newest first.
func (s *Store) Trail(ctx context.Context, most int) (entries []account.Entry, err error) {
	err = s.System(ctx, func(tx *Tx) error {
		rows, err := tx.QueryContext(ctx, `
			select at, account_id, account, token_id, address, action, subject, upload_id,
			       array(select slug from citygauge.city where city_id = any(audit.city_ids) order by slug)
			from citygauge.audit
			order by audit_id desc
			limit $1`, most)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e account.Entry
			var by, token, number sql.NullInt64
			if err := rows.Scan(&e.At, &by, &e.By.Name, &token, &e.By.Address, &e.Action, &e.Subject, &number, (*pq.StringArray)(&e.Cities)); err != nil {
				return err
			}
			e.By.Account, e.By.Token, e.Upload = by.Int64, token.Int64, number.Int64
			entries = append(entries, e)
		}
		return rows.Err()
	})
	return entries, err
}
