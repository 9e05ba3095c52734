package collector

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/programme"
)

// sqlKind pulls what a Postgres database of the city answers to a query. It can
// change nothing there: it reads in a transaction that may only read, and runs
// one statement.
type sqlKind struct{}

// Check wants a query and the url of a database.
func (sqlKind) Check(s programme.Source) []Lack {
	lacks := need(s, "query")
	at, err := url.Parse(s.URL)
	if err != nil { // said of every source
		return lacks
	}
	if at.Scheme != "postgres" && at.Scheme != "postgresql" || at.Hostname() == "" {
		lacks = append(lacks, Lack{"url", "the url of source " + s.ID + " names no Postgres database", "write postgres://user@host/database"})
	}
	for name := range at.Query() {
		if name != "sslmode" {
			lacks = append(lacks, Lack{"url", "the url of source " + s.ID + " sets " + name, "set nothing but sslmode"})
		}
	}
	return lacks
}

// Pull reads the records as they come.
func (sqlKind) Pull(ctx context.Context, p *Pull) error {
	return reading(ctx, p, func(tx *sqlx.Tx, _ map[string]string) error {
		columns := make([]string, len(p.Columns))
		for n, c := range p.Columns {
			columns[n] = "r." + pq.QuoteIdentifier(c) + "::text"
		}
		return eachRow(ctx, tx, "select "+strings.Join(columns, ", ")+" from ("+p.Source.Query+"\n) as r", p.Record)
	})
}

// reading does something in a transaction of one state of the database.
func reading(ctx context.Context, p *Pull, do func(*sqlx.Tx, map[string]string) error) error {
	connector, err := connectorOf(p)
	if err != nil {
		return err
	}
	leave, err := p.Client.hosts.enter(ctx, connector.host)
	if err != nil {
		return err
	}
	defer leave()
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	defer db.Close()
	tx, err := db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return sqlError(err)
	}
	defer tx.Rollback()
	// Texts that read alike whatever the database's settings are.
	if _, err := tx.ExecContext(ctx, `set local timezone = 'UTC'; set local datestyle = 'ISO'; set local extra_float_digits = 1`); err != nil {
		return sqlError(err)
	}
	types, err := columnTypes(ctx, tx, p)
	if err != nil {
		return sqlError(err)
	}
	return sqlError(do(tx, types))
}

func columnTypes(ctx context.Context, tx *sqlx.Tx, p *Pull) (map[string]string, error) {
	types := map[string]string{}
	var names []string
	err := queryOne(ctx, tx, "select * from ("+p.Source.Query+"\n) as r limit 0", func(rows *sql.Rows) error {
		columns, err := rows.ColumnTypes()
		for _, c := range columns {
			names, types[c.Name()] = append(names, c.Name()), c.DatabaseTypeName()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return types, p.Has(names)
}

// queryOne runs one statement, and only one: with those that are prepared, the
// database refuses a second, which might end the transaction that may only read.
func queryOne(ctx context.Context, tx *sqlx.Tx, statement string, do func(*sql.Rows) error) error {
	prepared, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return err
	}
	defer prepared.Close() //nolint:errcheck // it goes with the transaction
	rows, err := prepared.QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := do(rows); err != nil {
		return err
	}
	return rows.Err()
}

func eachRow(ctx context.Context, tx *sqlx.Tx, statement string, do func([]string) error) error {
	return queryOne(ctx, tx, statement, func(rows *sql.Rows) error {
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		cells, into, values := make([]sql.NullString, len(columns)), make([]any, len(columns)), make([]string, len(columns))
		for n := range cells {
			into[n] = &cells[n]
		}
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				return err
			}
			for n, c := range cells {
				values[n] = c.String // empty for null
			}
			if err := do(values); err != nil {
				return err
			}
		}
		return nil
	})
}

// database is a source's database, which is spared as its host.
type database struct {
	*pq.Connector
	host string
}

// connectorOf connects to the source's database, as its user, and to no address
// that a source may not be at.
func connectorOf(p *Pull) (database, error) {
	at, err := url.Parse(p.Source.URL)
	if err != nil {
		return database{}, fail(Undeclared, "the url of the source cannot be read")
	}
	user := at.User.Username()
	if p.Source.User != "" {
		user = p.Source.User
	}
	at.User = url.UserPassword(user, p.secrets.password)
	config, err := pq.NewConfig(at.String())
	if err != nil {
		return database{}, fail(Undeclared, "the url of the source cannot be read")
	}
	// What this program's environment says of its own database is none of the
	// source's business.
	config.Password, config.Passfile, config.Hostaddr = p.secrets.password, os.DevNull, netip.Addr{}
	config.ApplicationName = "citygauge collect"
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return database{}, fail(Undeclared, "the url of the source cannot be used")
	}
	connector.Dialer(guarded{p.Client.guard.dialer()})
	return database{connector, at.Host}, nil
}

// guarded dials as lib/pq asks for it.
type guarded struct{ *net.Dialer }

// DialTimeout dials without a context.
func (g guarded) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	d := *g.Dialer
	d.Timeout = timeout
	return d.Dial(network, address)
}

// sqlError tells what is wrong with the query from what is wrong with the
// database.
func sqlError(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Failure](err); ok {
		return err
	}
	const connection, resources, intervention = "08", "53", "57"
	e, ok := errors.AsType[*pq.Error](err)
	if !ok || slices.Contains([]string{connection, resources, intervention}, string(e.Code.Class())) {
		return failSoon(Unreachable, "the database of the source: %w", err)
	}
	return fail(Refused, "the database of the source refuses: %w", err)
}
