package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/account"
	"github.com/citygauge/citygauge/internal/upload"
)

// beginning is what is recorded of an upload before it is taken in.
type beginning struct {
	upload.Entry
	cities []int32 // that it is listed under
	beyond []int32 // others that one must see to see it; nil is all
}

// beginUploads begins the records of uploads, so that their revisions can name
// them, or takes up that of a preview. It answers with their numbers.
func (t *Tx) beginUploads(ctx context.Context, all []beginning) ([]int64, error) {
	if e := all[0]; e.Number > 0 {
		err := t.GetContext(ctx, &e.Number, `
			update citygauge.upload set state = $2, city_ids = $3, beyond = $4
			where upload_id = $1 and state = 'previewed'
			returning upload_id`, e.Number, e.State, pq.Array(e.cities), pq.Array(e.beyond))
		if errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("%w: it was used, or removed, meanwhile", upload.ErrNoToken)
		}
		return []int64{e.Number}, err
	}
	records := make([]record, len(all))
	for n, e := range all {
		sum := ""
		if e.Content != nil {
			sum = hex.EncodeToString(e.SHA256[:])
		}
		records[n] = record{
			"place": n, "received_at": e.At, "account": storable(e.Account), "file_name": storable(e.Name), "sha256": sum, "bytes": e.Bytes,
			"city_ids": e.cities, "beyond": e.beyond, "state": e.State, "reading": e.Reading, "key": storable(e.Key), "token": hex.EncodeToString(e.Token), "reverts": e.Reverts,
		}
	}
	text, err := json.Marshal(records)
	if err != nil {
		return nil, err
	}
	var numbers []int64
	err = t.SelectContext(ctx, &numbers, `
		insert into citygauge.upload (received_at, account, file_name, sha256, bytes, city_ids, beyond, state, report, reading, key, token, reverts)
		select received_at, account, file_name, decode(sha256, 'hex'), bytes, city_ids, beyond, state, '{}', reading,
		       nullif(key, ''), nullif(decode(token, 'hex'), ''), nullif(reverts, 0)
		from jsonb_to_recordset($1::jsonb) as d(
		  place int, received_at timestamptz, account text, file_name text, sha256 text, bytes bigint, city_ids int[], beyond int[], state text,
		  reading jsonb,
		  key text, token text, reverts bigint)
		order by place
		returning upload_id`, string(text))
	if sqlState(err) == uniqueViolation {
		return nil, upload.ErrKeyReused
	}
	slices.Sort(numbers) // they grow in the order of the records
	return numbers, err
}

// storable is text without what Postgres cannot keep.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// kept is an upload to be kept.
type kept struct {
	number int64
	entry  upload.Entry
	report upload.Report
	digest []byte // of a preview
}

// keepUploads completes the records of uploads, tells of them on the trail, and
// keeps their files.
func (t *Tx) keepUploads(ctx context.Context, all []kept) error {
	records := make([]record, len(all))
	var files []upload.Received
	for n, k := range all {
		by, ok := account.Acting(ctx)
		if !ok {
			by.Name = k.entry.Account
		}
		records[n] = record{
			"upload_id": k.number, "report": k.report, "digest": hex.EncodeToString(k.digest), "by_account": by.Account, "by_name": storable(by.Name),
			"by_token": by.Token, "address": storable(by.Address), "action": uploadAction(k.entry), "reverted": k.entry.Reverts,
		}
		if k.entry.Content != nil {
			files = append(files, k.entry.Received)
		}
	}
	if err := t.execJSON(ctx, `
		with kept as (
		  update citygauge.upload set report = d.report, digest = coalesce(nullif(decode(d.digest, 'hex'), ''), upload.digest)
		  from jsonb_to_recordset($1::jsonb) as d(
		    upload_id bigint, report jsonb, digest text, by_account bigint, by_name text, by_token bigint, address text, action text, reverted bigint)
		  where upload.upload_id = d.upload_id
		  returning upload.upload_id, upload.file_name, upload.city_ids, d.by_account, d.by_name, d.by_token, d.address, d.action, d.reverted
		)
		insert into citygauge.audit (at, account_id, account, token_id, address, action, subject, city_ids, upload_id)
		select clock_timestamp(), nullif(by_account, 0), by_name, nullif(by_token, 0), address, action,
		       case when reverted > 0 then 'reverts upload ' || reverted else file_name end, city_ids, upload_id
		from kept
		order by upload_id`, records); err != nil {
		return err
	}
	return t.keepFiles(ctx, files)
}

// Refused keeps a file that was not applied, with its report.
func (s *Store) Refused(ctx context.Context, scope upload.Scope, e upload.Entry, report upload.Report) (int64, error) {
	tx, cities, err := s.beginFor(ctx, scope)
	if err != nil {
		return 0, err
	}
	defer tx.abandon()
	numbers, err := tx.beginUploads(ctx, []beginning{{e, cities, []int32{}}})
	if err != nil {
		return 0, explained(err)
	}
	report.Upload = numbers[0]
	return numbers[0], tx.end(tx.keepUploads(ctx, []kept{{number: numbers[0], entry: e, report: report}}))
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
	return s.beginAs(ctx, "", scope)
}

// beginAs is beginFor with something that is set up before.
func (s *Store) beginAs(ctx context.Context, first string, scope upload.Scope) (*Tx, []int32, error) {
	tx, err := s.begin(ctx, first+s.systemSetup())
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
	return s.inScopeAs(ctx, "", scope, do)
}

// inOneState reads one state of the data, in a transaction that sees a scope's
// cities.
func (s *Store) inOneState(ctx context.Context, scope upload.Scope, do func(*Tx) error) error {
	return s.inScopeAs(ctx, `set transaction isolation level repeatable read, read only; `, scope, do)
}

func (s *Store) inScopeAs(ctx context.Context, first string, scope upload.Scope, do func(*Tx) error) error {
	tx, _, err := s.beginAs(ctx, first, scope)
	if err != nil {
		return err
	}
	defer tx.abandon()
	return tx.end(do(tx))
}
