package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/account"
)

const tokenColumns = `
	token_id, t.title, read_only, t.created_at, expires_at, used_at, revoked_at, city_ids is not null,
	array(select slug from citygauge.city where city_id = any(t.city_ids) order by slug)`

// tokenFields scans tokenColumns.
type tokenFields struct {
	account.Token
	narrowed bool
	cities   pq.StringArray
}

func (f *tokenFields) fields() []any {
	return []any{&f.ID, &f.Title, &f.ReadOnly, &f.Created, &f.Expires, orNever{&f.Used}, orNever{&f.Revoked}, &f.narrowed, &f.cities}
}

func (f *tokenFields) token() account.Token {
	if f.narrowed {
		f.Cities = f.cities // of cities that are gone, none at all
	}
	return f.Token
}

// AccountOfToken is the account of a token, by its hash.
func (s *Store) AccountOfToken(ctx context.Context, hash [sha256.Size]byte) (account.Account, error) {
	var found tokenFields
	var id int64
	err := s.System(ctx, func(tx *Tx) error {
		err := tx.QueryRowContext(ctx, `select account_id,`+tokenColumns+` from citygauge.token t where hash = $1`, hash[:]).
			Scan(append([]any{&id}, found.fields()...)...)
		if errors.Is(err, sql.ErrNoRows) {
			return account.ErrNoAccount
		}
		return err
	})
	if err != nil {
		return account.Account{}, err
	}
	a, err := s.Account(ctx, id)
	t := found.token()
	t.Account = a.Name
	a.Token = &t
	return a, err
}

// AddToken keeps a token's hash.
func (s *Store) AddToken(ctx context.Context, id int64, t account.Token, hash [sha256.Size]byte, e account.Entry) (number int64, err error) {
	err = s.System(ctx, func(tx *Tx) error {
		var cities any
		if t.Cities != nil {
			ids, err := tx.knownCities(ctx, t.Cities)
			if err != nil {
				return err
			}
			cities = pq.Array(ids)
		}
		if err := tx.GetContext(ctx, &number, `
			insert into citygauge.token (account_id, hash, title, read_only, city_ids, created_at, expires_at)
			values ($1, $2, $3, $4, $5, $6, $7)
			returning token_id`, id, hash[:], storable(t.Title), t.ReadOnly, cities, t.Created, t.Expires); err != nil {
			return err
		}
		e.Subject = tokenSubject(number, e.Subject)
		return tx.record(ctx, e)
	})
	return number, err
}

func tokenSubject(number int64, name string) string {
	return "token " + strconv.FormatInt(number, 10) + " of " + name
}

// TokenUsed notes that a token was used.
func (s *Store) TokenUsed(ctx context.Context, token int64, at time.Time) error {
	return s.System(ctx, func(tx *Tx) error {
		_, err := tx.ExecContext(ctx, `
			update citygauge.token set used_at = $2 where token_id = $1 and (used_at is null or used_at < $2)`, token, at)
		return err
	})
}

// Tokens are those of an account, or all where it is 0, the newest first.
func (s *Store) Tokens(ctx context.Context, id int64) (tokens []account.Token, err error) {
	err = s.System(ctx, func(tx *Tx) error {
		rows, err := tx.QueryContext(ctx, `
			select a.name,`+tokenColumns+`
			from citygauge.token t
			join citygauge.account a using (account_id)
			where $1 = 0 or account_id = $1
			order by token_id desc`, id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var f tokenFields
			if err := rows.Scan(append([]any{&f.Account}, f.fields()...)...); err != nil {
				return err
			}
			tokens = append(tokens, f.token())
		}
		return rows.Err()
	})
	return tokens, err
}

// RevokeToken ends a token of an account, or anybody's where that is 0.
func (s *Store) RevokeToken(ctx context.Context, id, token int64, e account.Entry) error {
	return s.System(ctx, func(tx *Tx) error {
		var owner string
		err := tx.GetContext(ctx, &owner, `
			update citygauge.token
			set revoked_at = $3
			from citygauge.account
			where token_id = $1 and revoked_at is null and token.account_id = account.account_id and ($2 = 0 or account.account_id = $2)
			returning name`, token, id, e.At)
		if errors.Is(err, sql.ErrNoRows) {
			return account.ErrNoToken
		}
		if err != nil {
			return err
		}
		e.Subject = tokenSubject(token, owner)
		return tx.record(ctx, e)
	})
}
