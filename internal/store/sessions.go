package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/citygauge/citygauge/internal/account"
)

// Sessions keeps browsers' sessions, for scs with its own encoding. Of a
// session's token only the hash is kept: who reads the table cannot take a
// session over.
type Sessions struct {
	store *Store
}

var _ scs.CtxStore = Sessions{}

// Sessions is where sessions are kept.
func (s *Store) Sessions() Sessions { return Sessions{s} }

// FindCtx is the data of a session that is not over.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	hash := sha256.Sum256([]byte(token))
	err = s.store.System(ctx, func(tx *Tx) error {
		err := tx.GetContext(ctx, &data, `
			select data from citygauge.session where hash = $1 and data <> '' and expires_at > clock_timestamp()`, hash[:])
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		found = err == nil
		return err
	})
	return data, found, err
}

// CommitCtx keeps a session's data, with the account that signed in to it,
// unless the session was ended.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, values, err := scs.GobCodec{}.Decode(data)
	if err != nil {
		return err
	}
	session, _ := values[account.SessionKey].(string)
	id, signedIn := account.SessionAccount(session)
	hash := sha256.Sum256([]byte(token))
	return s.store.System(ctx, func(tx *Tx) error {
		_, err := tx.ExecContext(ctx, `
			insert into citygauge.session (hash, data, expires_at, account_id)
			values ($1, $2, $3, $4)
			on conflict (hash) do update
			set data = excluded.data, expires_at = excluded.expires_at, account_id = excluded.account_id
			where session.data <> ''`,
			hash[:], data, expiry, sql.NullInt64{Int64: id, Valid: signedIn})
		return err
	})
}

// DeleteCtx ends a session. For an hour it is remembered as ended, without
// anything in it: a request that was under way when somebody signed out must not
// put back, with its own end, what they left.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	hash := sha256.Sum256([]byte(token))
	return s.store.System(ctx, func(tx *Tx) error {
		_, err := tx.ExecContext(ctx, `
			update citygauge.session
			set data = '', account_id = null, expires_at = least(expires_at, clock_timestamp() + interval '1 hour')
			where hash = $1`, hash[:])
		return err
	})
}

// Find is [Sessions.FindCtx] without an end.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is [Sessions.CommitCtx] without an end.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is [Sessions.DeleteCtx] without an end.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// forgetSessions removes those that are over.
func (s *Store) forgetSessions(ctx context.Context) error {
	return s.System(ctx, func(tx *Tx) error {
		_, err := tx.ExecContext(ctx, `delete from citygauge.session where expires_at <= clock_timestamp()`)
		return err
	})
}
