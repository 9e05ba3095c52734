// Package testnet is a network between a program and its Postgres that fails
// when a test says so. Tests alone import it.
package testnet

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy passes connections on to a Postgres. It speaks to one without TLS.
type Proxy struct {
	listener net.Listener
	to       string
	all      sync.WaitGroup

	mu       sync.Mutex
	conns    map[net.Conn]bool
	down     bool
	deaf     bool
	slow     time.Duration
	stalled  chan struct{} // closed when all passes again; nil while all passes
	sent     []byte        // what a client says before
	lost     []byte        // this, to which the answer is lost
	answered func()        // told when it was
}

// New is a network to an address on which all is well. It ends with the test.
func New(t testing.TB, to string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: listener, to: to, conns: map[net.Conn]bool{}}
	p.all.Go(p.accept)
	t.Cleanup(func() {
		listener.Close()
		p.Mend()
		p.Cut()
		p.all.Wait()
	})
	return p
}

// Address is where the Postgres is to be reached by this network.
func (p *Proxy) Address() string { return p.listener.Addr().String() }

// Cut breaks every connection, and every new one, until [Proxy.Mend].
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = true
	for c := range p.conns {
		c.Close()
	}
}

// Stall holds back everything that is sent either way until [Proxy.Mend]; no
// connection breaks.
func (p *Proxy) Stall() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stalled == nil {
		p.stalled = make(chan struct{})
	}
}

// Slow has everything take that much longer, in each direction.
func (p *Proxy) Slow(by time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.slow = by
}

// Deafen loses every notification.
func (p *Proxy) Deafen() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaf = true
}

// LoseAnswer cuts the next connection on which a client, who said one thing
// before, says another: Postgres hears and answers it, and the client does not
// hear the answer. It returns what is closed when that has happened.
func (p *Proxy) LoseAnswer(before, to string) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	happened := make(chan struct{})
	p.sent, p.lost, p.answered = []byte(before), []byte(to), sync.OnceFunc(func() { close(happened) })
	return happened
}

// Mend lets everything pass from now on.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down, p.deaf, p.slow, p.lost = false, false, 0, nil
	if p.stalled != nil {
		close(p.stalled)
		p.stalled = nil
	}
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.all.Go(func() { p.pass(client) })
	}
}

// hold remembers connections so that they can be cut.
func (p *Proxy) hold(conns ...net.Conn) (ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.conns[c] = true
	}
	return !p.down
}

func (p *Proxy) drop(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		c.Close()
		delete(p.conns, c)
	}
}

func (p *Proxy) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer p.drop(client, server)
	if !p.hold(client, server) {
		return
	}
	c := &connection{proxy: p, client: client, server: server}
	var back sync.WaitGroup
	back.Go(c.answers)
	c.questions()
	if c.losing() {
		back.Wait() // Postgres is to finish what it was asked
	}
	server.Close()
	back.Wait()
}

// linger waits as the network does.
func (p *Proxy) linger() {
	p.mu.Lock()
	slow, stalled := p.slow, p.stalled
	p.mu.Unlock()
	if slow > 0 {
		<-time.After(slow)
	}
	if stalled != nil {
		<-stalled
	}
}

// connection is one client's.
type connection struct {
	proxy          *Proxy
	client, server net.Conn

	mu    sync.Mutex
	begun bool   // the client said what comes before
	lose  func() // the next answer is lost, and this told
}

func (c *connection) losing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lose != nil
}

// listen looks for the words whose answer is to be lost.
func (c *connection) listen(said []byte) {
	p := c.proxy
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lost == nil {
		return
	}
	c.begun = c.begun || bytes.Contains(said, p.sent)
	if c.begun && bytes.Contains(said, p.lost) {
		c.mu.Lock()
		c.lose = p.answered
		c.mu.Unlock()
		p.lost = nil
	}
}

// questions passes on what the client says, until either side goes.
func (c *connection) questions() {
	said := make([]byte, 1<<16)
	for {
		n, err := c.client.Read(said)
		c.proxy.linger()
		c.listen(said[:n])
		if _, writing := c.server.Write(said[:n]); writing != nil || err != nil || c.losing() {
			return
		}
	}
}

// answers passes on what Postgres says, message by message.
func (c *connection) answers() {
	defer c.client.Close()
	in, out := bufio.NewReaderSize(c.server, 1<<16), bufio.NewWriterSize(c.client, 1<<16)
	const header, notification = 5, 'A'
	message := make([]byte, header, 1<<12)
	for {
		message = message[:header]
		if _, err := io.ReadFull(in, message); err != nil {
			return
		}
		rest := int(binary.BigEndian.Uint32(message[1:])) - 4
		message = append(message, make([]byte, rest)...)
		if _, err := io.ReadFull(in, message[header:]); err != nil {
			return
		}
		deaf, lose := c.fate()
		if lose != nil {
			lose()
			return
		}
		if !deaf || message[0] != notification {
			if _, err := out.Write(message); err != nil {
				return
			}
		}
		if in.Buffered() > 0 { // it came in one piece
			continue
		}
		c.proxy.linger()
		if err := out.Flush(); err != nil {
			return
		}
	}
}

// fate is what becomes of the next message.
func (c *connection) fate() (deaf bool, lose func()) {
	c.proxy.mu.Lock()
	defer c.proxy.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.proxy.deaf, c.lose
}
