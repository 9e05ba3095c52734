package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// maxConnections is how many connections a store opens; what needs more waits.
const maxConnections = 20

// connect opens a database and makes sure that it answers. Where a role is
// given, every connection begins in it. Its connections outlive ctx by
// [lastWords].
func connect(ctx context.Context, url, role string) (*sqlx.DB, error) {
	config, err := pq.NewConfig(url)
	if err != nil {
		return nil, ErrBadURL
	}
	config.ApplicationName = "citygauge"
	// A statement then goes there and back once, not twice; JSON must be handed
	// over as a string, for bytes are bytea.
	config.BinaryParameters = true
	if role != "" {
		// The setting is for a Citus, which else changes shards over several
		// connections, of which none sees what the others did.
		config.Options = strings.TrimSpace(config.Options + " -c citus.multi_shard_modify_mode=sequential -c role=" + role)
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, ErrBadURL
	}
	connector.Dialer(dialer{life: ctx})
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	db.SetMaxOpenConns(maxConnections)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		if errors.Is(err, pq.ErrSSLNotSupported) {
			return nil, errNoTLS
		}
		return nil, unreachable(err)
	}
	return db, nil
}

var errNoTLS = errors.New("the database's server does not encrypt connections: turn TLS on there or, where the way to it is trusted, add sslmode=disable to the URL")

// isConnectionError reports whether a connection broke, as one or another of
// the errors that this shows as.
func isConnectionError(err error) bool {
	// Classes of SQLSTATEs: the server ends or has crashed, and the connection
	// itself.
	const operatorIntervention, connectionException = "57", "08"
	if e, ok := errors.AsType[*pq.Error](err); ok {
		class := e.Code.Class()
		return class == operatorIntervention && e.Code != queryCanceled || class == connectionException || e.Code == tooManyConnections
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.ErrUnexpectedEOF)
}
