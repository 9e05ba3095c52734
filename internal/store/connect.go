package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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
		return nil, fmt.Errorf("read the database's URL: %w", withoutSecrets(err, url))
	}
	config.ApplicationName = "citygauge"
	if role != "" {
		config.Options = strings.TrimSpace(config.Options + " -c role=" + role)
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, fmt.Errorf("read the database's URL: %w", withoutSecrets(err, url))
	}
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	return db, nil
}

// withoutSecrets keeps a URL, which may hold a password, out of an error.
func withoutSecrets(err error, url string) error {
	return errors.New(strings.ReplaceAll(err.Error(), url, "the given URL"))
}

func isConnectionError(err error) bool {
	var network net.Error
	var operation *net.OpError
	return errors.As(err, &operation) || errors.As(err, &network) || errors.Is(err, sql.ErrConnDone)
}
