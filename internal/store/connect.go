package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// connect opens a database and makes sure that it answers. Where a role is
// given, every connection begins in it.
func connect(ctx context.Context, url, role string) (*sqlx.DB, error) {
	config, err := pq.NewConfig(url)
	if err != nil {
		return nil, errBadURL
	}
	config.ApplicationName = "citygauge"
	if role != "" {
		config.Options = strings.TrimSpace(config.Options + " -c role=" + role)
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, errBadURL
	}
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	return db, nil
}

// errBadURL does not say what is wrong with a URL: whatever it quoted might be
// a part of the password.
var errBadURL = errors.New("the database's URL cannot be read: write postgres://user:password@host:port/database, with special characters of the password percent-encoded")

// isConnectionError reports whether a connection broke, as one or another of
// the errors that this shows as.
func isConnectionError(err error) bool {
	const operatorIntervention = "57" // a class of SQLSTATEs: the server ends, or has crashed
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return e.Code.Class() == operatorIntervention && e.Code != queryCanceled
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.ErrUnexpectedEOF)
}
