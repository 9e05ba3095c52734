package store

import (
	"context"
	"net"
	"time"
)

// lastWords is how long a database may take to answer once the program that
// opened it was asked to end: longer than a server lets requests take then.
const lastWords = 12 * time.Second

// dialer makes connections that end some time after a life does. Whoever rolls
// back or cancels would else wait for ever on a network that swallows
// everything.
type dialer struct {
	net.Dialer
	life context.Context //nolint:containedctx // what the connections are bound to
}

// DialTimeout implements [pq.Dialer].
func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// Dial implements [pq.Dialer].
func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialContext implements [pq.DialerContext].
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.Dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	bound := &boundConn{Conn: conn}
	bound.unbind = context.AfterFunc(d.life, func() { time.AfterFunc(lastWords, func() { conn.Close() }) })
	return bound, nil
}

// boundConn is a connection that ends with a life.
type boundConn struct {
	net.Conn
	unbind func() bool
}

func (c *boundConn) Close() error {
	c.unbind()
	return c.Conn.Close()
}
