package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/account"
)

var _ account.Store = (*Store)(nil)

const selectAccount = `
	select a.account_id, a.name, a.title, a.role, a.disabled, coalesce(a.password, ''), coalesce(a.issuer, ''), coalesce(a.subject, ''), a.epoch,
	       a.created_at, a.signed_in_at,
	       array(select slug from citygauge.account_city join citygauge.city using (city_id) where account_id = a.account_id order by slug)
	from citygauge.account a`

// accountFields are where the columns of selectAccount go.
func accountFields(a *account.Account) []any {
	return []any{
		&a.ID, &a.Name, &a.Title, &a.Role, &a.Disabled, &a.Password, &a.Identity.Issuer, &a.Identity.Subject, &a.Epoch, &a.Created,
		orNever{&a.SignedIn},
		(*pq.StringArray)(&a.Cities),
	}
}

// orNever scans a time that may not have been yet: then it is zero.
type orNever struct{ at *time.Time }

// Scan implements [sql.Scanner].
func (o orNever) Scan(value any) error {
	var t sql.NullTime
	err := t.Scan(value)
	*o.at = t.Time
	return err
}

// Account is an account by its number.
func (s *Store) Account(ctx context.Context, id int64) (account.Account, error) {
	return s.accountWhere(ctx, `a.account_id = $1`, id)
}

// AccountNamed is an account by its name.
func (s *Store) AccountNamed(ctx context.Context, name string) (account.Account, error) {
	return s.accountWhere(ctx, `a.name = $1`, name)
}

// AccountOf is the account of somebody at an OpenID provider.
func (s *Store) AccountOf(ctx context.Context, who account.Identity) (account.Account, error) {
	return s.accountWhere(ctx, `(a.issuer, a.subject) = ($1, $2)`, who.Issuer, who.Subject)
}

func (s *Store) accountWhere(ctx context.Context, condition string, args ...any) (a account.Account, err error) {
	err = s.System(ctx, func(tx *Tx) error {
		err := tx.QueryRowContext(ctx, selectAccount+` where `+condition, args...).Scan(accountFields(&a)...)
		if errors.Is(err, sql.ErrNoRows) {
			return account.ErrNoAccount
		}
		return err
	})
	return a, err
}

// Accounts are all accounts, in the order of names.
func (s *Store) Accounts(ctx context.Context) (all []account.Account, err error) {
	err = s.System(ctx, func(tx *Tx) error {
		rows, err := tx.QueryContext(ctx, selectAccount+` order by a.name`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a account.Account
			if err := rows.Scan(accountFields(&a)...); err != nil {
				return err
			}
			all = append(all, a)
		}
		return rows.Err()
	})
	return all, err
}

// AddAccount makes an account.
func (s *Store) AddAccount(ctx context.Context, a account.Account, e account.Entry) (id int64, err error) {
	err = s.System(ctx, func(tx *Tx) error {
		err := tx.GetContext(ctx, &id, `
			insert into citygauge.account (name, title, role, password, created_at)
			values ($1, $2, $3, nullif($4, ''), $5)
			on conflict (name) do nothing
			returning account_id`, a.Name, storable(a.Title), a.Role, a.Password, a.Created)
		if errors.Is(err, sql.ErrNoRows) {
			return account.ErrExists
		}
		if err != nil {
			return err
		}
		if err := tx.grantCities(ctx, id, a.Cities); err != nil {
			return err
		}
		return tx.record(ctx, e)
	})
	return id, err
}

// grantCities makes an account one of exactly these cities.
func (t *Tx) grantCities(ctx context.Context, id int64, cities []string) error {
	ids, err := t.knownCities(ctx, cities)
	if err != nil {
		return err
	}
	_, err = t.ExecContext(ctx, `
		with gone as (
		  delete from citygauge.account_city where account_id = $1 and city_id <> all ($2)
		)
		insert into citygauge.account_city (account_id, city_id)
		select $1, unnest($2::int[])
		on conflict do nothing`, id, pq.Array(ids))
	return err
}

// knownCities is the ids of cities that must all be there.
func (t *Tx) knownCities(ctx context.Context, cities []string) ([]int32, error) {
	var known []struct {
		ID   sql.NullInt32 `db:"city_id"`
		Slug string        `db:"slug"`
	}
	if err := t.SelectContext(ctx, &known, `
		select city_id, named.slug
		from unnest($1::text[]) as named(slug)
		left join citygauge.city using (slug)`, pq.Array(cities)); err != nil {
		return nil, err
	}
	ids := make([]int32, len(known)) // never null
	for n, c := range known {
		if !c.ID.Valid {
			return nil, fmt.Errorf("%w: %q", account.ErrNoCity, c.Slug)
		}
		ids[n] = c.ID.Int32
	}
	return ids, nil
}

// ChangeAccount changes what is given of an account.
func (s *Store) ChangeAccount(ctx context.Context, id int64, c account.Change, e account.Entry) error {
	who := c.Identity
	if who == nil {
		who = &account.Identity{}
	}
	return s.System(ctx, func(tx *Tx) error {
		changed, err := tx.ExecContext(ctx, `
			update citygauge.account
			set title = coalesce($2, title),
			    role = coalesce($3, role),
			    disabled = coalesce($4, disabled),
			    password = case when $6::text is null or password = $6 then coalesce($5, password) else password end,
			    epoch = epoch + case when $7 and ($6::text is null or password = $6) then 1 else 0 end,
			    issuer = case when not $8 or issuer is not null and $9 <> '' then issuer else nullif($9, '') end,
			    subject = case when not $8 or subject is not null and $9 <> '' then subject else nullif($10, '') end,
			    signed_in_at = coalesce($11, signed_in_at)
			where account_id = $1`,
			id, c.Title, c.Role, c.Disabled, c.Password, c.Instead, c.SignOut, c.Identity != nil, who.Issuer, who.Subject, c.SignedIn)
		if err != nil {
			return err
		}
		if n, err := changed.RowsAffected(); err != nil || n == 0 {
			return errors.Join(account.ErrNoAccount, err)
		}
		if c.Cities != nil {
			if err := tx.grantCities(ctx, id, *c.Cities); err != nil {
				return err
			}
		}
		if c.SignOut {
			if _, err := tx.ExecContext(ctx, `delete from citygauge.session where account_id = $1`, id); err != nil {
				return err
			}
		}
		return tx.record(ctx, e)
	})
}
