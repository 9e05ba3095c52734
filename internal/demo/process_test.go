package demo

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// get is the body that a child answers with.
func get(t *testing.T, url string) []byte {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// hold opens a connection to a child, which the kernel ends when it does.
func hold(t *testing.T, address string) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(address, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return connection
}

// awaitEnd returns when whoever has the other end of the connection is gone.
func awaitEnd(t *testing.T, connection net.Conn) {
	t.Helper()
	if err := connection.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	_, err := connection.Read(make([]byte, 1))
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("the process at %s still runs: %v", connection.RemoteAddr(), err)
	}
}

// dialWhenUp connects to a child as soon as it listens.
func dialWhenUp(address string) (net.Conn, error) {
	for deadline := time.Now().Add(time.Minute); ; {
		connection, err := net.Dial("tcp", address)
		if err == nil || time.Now().After(deadline) {
			return connection, err
		}
	}
}

// fakeProgram is the fake Grafana of a home, to be started as any program.
func fakeProgram(t *testing.T, home string) program {
	t.Helper()
	return program{
		name: "Grafana", path: filepath.Join(home, "bin", fakeGrafana), folder: t.TempDir(),
		command: func(port int) (args, env []string) {
			return []string{"--homepath=" + home}, []string{"GF_SERVER_HTTP_ADDR=" + loopback, "GF_SERVER_HTTP_PORT=" + strconv.Itoa(port)}
		},
		ready: "/api/health", freePort: freePort, patience: stopPatience,
	}
}

func TestGrafanaThatFailsLeavesNothing(t *testing.T) {
	installFakeGrafana(t, failing)
	_, err := Grafana(t.Context(), sampleOptions(t.TempDir()))
	if err == nil {
		t.Fatal("a Grafana that ended has started")
	}
	for _, want := range []string{"exit status 3", "the database is locked"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
}

func TestCancelledStartLeavesNothing(t *testing.T) {
	home := installFakeGrafana(t, unready)
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("had enough")
	started := make(chan net.Conn, 1)
	p := fakeProgram(t, home)
	p.freePort = func() (int, error) {
		port, err := freePort()
		go func() {
			defer cancel(enough)
			defer close(started)
			connection, err := dialWhenUp(net.JoinHostPort(loopback, strconv.Itoa(port)))
			if err != nil {
				t.Error(err)
				return
			}
			started <- connection
		}()
		return port, err
	}
	if _, err := p.start(ctx); !errors.Is(err, enough) {
		t.Errorf("the error is %v, not %v", err, enough)
	}
	for connection := range started {
		awaitEnd(t, connection)
		connection.Close()
	}
}

func TestStartAfterTheEndStartsNothing(t *testing.T) {
	p := fakeProgram(t, installFakeGrafana(t, wellBehaved))
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("had enough")
	cancel(enough)
	if _, err := p.start(ctx); !errors.Is(err, enough) {
		t.Errorf("the error is %v, not %v", err, enough)
	}
}

func TestPortTakenMeanwhileIsNotTheEnd(t *testing.T) {
	p := fakeProgram(t, installFakeGrafana(t, wellBehaved))
	neighbour, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer neighbour.Close()
	ports := 0
	p.freePort = func() (int, error) {
		if ports++; ports == 1 {
			return neighbour.Addr().(*net.TCPAddr).Port, nil
		}
		return freePort()
	}
	process, err := p.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	process.Stop()
	if ports != 2 {
		t.Errorf("%d ports were tried, not 2", ports)
	}
}

func TestStopTakesChildrenAlong(t *testing.T) {
	installFakeGrafana(t, parent)
	process, started := startGrafana(t)
	child, err := dialWhenUp(started.Child)
	if err != nil {
		t.Fatal(err)
	}
	defer child.Close()
	process.Stop()
	awaitEnd(t, child)
}

func TestStopKillsWhoDoesNotListen(t *testing.T) {
	installFakeGrafana(t, deaf)
	process, _ := startGrafana(t)
	process.patience = time.Millisecond
	connection := hold(t, process.URL)
	process.Stop()
	awaitEnd(t, connection)
	if err := process.Err(); err != nil {
		t.Errorf("a process that was stopped has the error %v", err)
	}
}

func TestProcessThatEndsByItself(t *testing.T) {
	installFakeGrafana(t, wellBehaved)
	process, _ := startGrafana(t)
	if err := process.Err(); err != nil {
		t.Errorf("while it runs the error is %v", err)
	}
	connection := hold(t, process.URL)
	if _, err := io.WriteString(connection, "GET /end HTTP/1.0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-process.Done()
	err := process.Err()
	for _, want := range []string{"exit status 4", "out of memory", process.Log} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q: %v", want, err)
		}
	}
	process.Stop()
}
