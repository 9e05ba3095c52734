package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
)

// Store is an open installation.
type Store struct {
	db    *sqlx.DB
	url   string
	roles roles
	id    string // of the installation
	citus bool   // the database belongs to a Citus cluster
	log   *slog.Logger
	today func(programme.City) programme.Date

	follower follower
}

// Open opens a migrated database. today is the date in a city, for which its
// targets are judged. The store is of use until ctx ends, and a little longer,
// so that it can be left in order. The errors are [ErrUnreachable] and [ErrNotMigrated].
func Open(ctx context.Context, url string, today func(programme.City) programme.Date, log *slog.Logger) (*Store, error) {
	db, err := connect(ctx, url, "")
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, url: url, log: log, today: today}
	if err := s.identify(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) identify(ctx context.Context) error {
	done, err := migrated(ctx, s.db)
	if err != nil {
		return err
	}
	if !done {
		return fmt.Errorf("%w: run citygauge migrate", ErrNotMigrated)
	}
	var prefix string
	if err := s.db.QueryRowContext(ctx, `
		select prefix, id, exists (select from pg_extension where extname = 'citus') from citygauge.installation`).Scan(&prefix, &s.id, &s.citus); err != nil {
		return explained(err)
	}
	s.roles, err = newRoles(prefix)
	return err
}

// Installation is an id by which this installation is told from others. A copy
// that was restored has the same.
func (s *Store) Installation() string { return s.id }

// Close closes the store's connections.
func (s *Store) Close() error { return errors.Join(s.follower.close(), s.db.Close()) }

// Ping makes sure that the database answers; its error is [ErrUnreachable].
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.PingContext(ctx); err != nil {
		return unreachable(err)
	}
	return nil
}

// Tx is a transaction in one of the installation's roles.
type Tx struct {
	*sqlx.Tx
	conn   *sqlx.Conn
	judged bool // there is a table for what is judged
}

// ForCities does something for named cities, by their internal ids, in a
// transaction that can see and change nothing of any other.
func (s *Store) ForCities(ctx context.Context, cities []int32, do func(*Tx) error) error {
	return s.within(ctx, s.citiesSetup(cities), do)
}

func (s *Store) citiesSetup(cities []int32) string {
	ids := make([]string, len(cities))
	for i, c := range cities {
		ids[i] = strconv.Itoa(int(c))
	}
	return s.roleSetup(s.roles.app()) + s.citusOnly("; set local citus.propagate_set_commands = 'local'") +
		fmt.Sprintf("; set local citygauge.cities = '{%s}'", strings.Join(ids, ","))
}

// System does something for the installation, in a transaction that sees every
// city.
func (s *Store) System(ctx context.Context, do func(*Tx) error) error {
	return s.within(ctx, s.systemSetup(), do)
}

func (s *Store) systemSetup() string { return s.roleSetup(s.roles.system()) }

// roleSetup enters a role. On Citus, the transaction has one connection to each
// worker, which sees what it wrote.
func (s *Store) roleSetup(role string) string {
	return s.citusOnly("set local citus.max_adaptive_executor_pool_size = 1; ") + "set local role " + pq.QuoteIdentifier(role)
}

func (s *Store) within(ctx context.Context, setup string, do func(*Tx) error) error {
	tx, err := s.begin(ctx, setup)
	if err != nil {
		return err
	}
	defer tx.abandon()
	return tx.end(do(tx))
}

// end commits a transaction, unless there is an error.
func (t *Tx) end(err error) error {
	if err != nil {
		return explained(err)
	}
	return committed(t.Commit())
}

func (s *Store) begin(ctx context.Context, setup string) (*Tx, error) {
	conn, err := s.db.Connx(ctx)
	if err != nil {
		return nil, unreachable(err)
	}
	tx, err := conn.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		conn.Close()
		return nil, begun(err)
	}
	if _, err := tx.ExecContext(ctx, setup); setup != "" && err != nil {
		tx.Rollback()
		conn.Close()
		return nil, explained(err)
	}
	return &Tx{Tx: tx, conn: conn}, nil
}

// abandon rolls back what was not committed and gives the connection back.
func (t *Tx) abandon() {
	_ = t.Rollback()
	_ = t.conn.Close()
}
