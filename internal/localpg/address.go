package localpg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// maxSocketPath is what macOS allows, without the final NUL; Linux allows 107.
	maxSocketPath = 103

	socketFolder = "citygauge-"
	socketPrefix = ".s.PGSQL."

	// The ports to choose from, and how long the last one is waited for.
	firstPort = 20000
	portRange = 10000
	portGrace = time.Second
)

// address is where the server listens. It is kept in the data directory and used again, so that those who know it
// (connection pools, a Grafana data source) find the server after a restart.
type address struct {
	Port    int    `json:"port"`
	Sockets string `json:"sockets"` // folder of the Unix socket
}

func socketName(port int) string { return socketPrefix + strconv.Itoa(port) }

// lastAddress returns the address of the last start; what cannot be read is as good as none.
func (d *dataDir) lastAddress() (a address) {
	content, err := d.root.ReadFile(addressFile)
	if err != nil || json.Unmarshal(content, &a) != nil {
		return address{}
	}
	return a
}

// address chooses where to listen: where it was, as far as that is free, else elsewhere.
func (c *cluster) address(ctx context.Context) (address, error) {
	last := c.dir.lastAddress()
	var a address
	var err error
	if a.Port, err = freePort(ctx, last.Port); err != nil {
		return address{}, fmt.Errorf("find a free port on %s: %w", loopback, err)
	}
	if a.Sockets, err = c.sockets(ctx, last.Sockets, socketPlaces()); err != nil {
		return address{}, fmt.Errorf("make a folder for the socket: %w", err)
	}
	// The server does not run: a socket here was left by one that was killed, and its lock could name a process that is
	// another's by now.
	left, err := os.ReadDir(a.Sockets)
	if err != nil {
		return address{}, err
	}
	for _, entry := range left {
		if !strings.HasPrefix(entry.Name(), socketPrefix) {
			continue
		}
		if err := os.Remove(filepath.Join(a.Sockets, entry.Name())); err != nil {
			return address{}, err
		}
	}
	content, err := json.Marshal(a)
	if err != nil {
		return address{}, err
	}
	return a, c.dir.write(addressFile, string(content)+"\n")
}

// freePort returns the preferred port if nobody listens there, else another. Somebody may still be faster than Postgres;
// then the next attempt chooses anew.
func freePort(ctx context.Context, preferred int) (int, error) {
	// A server that was killed a moment ago may not have let go of its port yet.
	for deadline := time.Now().Add(portGrace); preferred != 0; {
		port, err := listen(preferred)
		if err == nil {
			return port, nil
		}
		if time.Now().After(deadline) {
			break
		}
		if err := pause(ctx); err != nil {
			return 0, err
		}
	}
	// Below the ports that systems give to outgoing connections, so that it stays free while the server is stopped.
	for range 20 {
		if port, err := listen(firstPort + rand.IntN(portRange)); err == nil {
			return port, nil
		}
	}
	return listen(0) // as the system likes
}

// listen tries a port.
func listen(port int) (int, error) {
	l, err := net.Listen("tcp4", net.JoinHostPort(loopback, strconv.Itoa(port)))
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// socketPlaces lists the directories in which a folder for the socket may be, best first.
func socketPlaces() []string {
	return slices.Compact([]string{filepath.Clean(os.TempDir()), "/tmp"})
}

// sockets returns a folder that only the account can enter: the last one, made again if it was cleaned away, or a new
// one in the first of the places that will do.
func (c *cluster) sockets(ctx context.Context, last string, places []string) (string, error) {
	// The record is in a directory that may belong to somebody else: it must not make root create things anywhere.
	if slices.Contains(places, filepath.Dir(last)) && strings.HasPrefix(filepath.Base(last), socketFolder) {
		if err := os.Mkdir(last, 0o700); err == nil {
			return last, c.own(last)
		}
		if c.owns(last) {
			return last, nil
		}
	}
	var problems []error
	for _, place := range places {
		folder, err := c.makeSockets(ctx, place)
		if err == nil {
			return folder, nil
		}
		problems = append(problems, err)
	}
	return "", errors.Join(problems...)
}

func (c *cluster) makeSockets(ctx context.Context, place string) (string, error) {
	longest := filepath.Join(place, socketFolder+"0123456789", socketName(65535))
	if len(longest) > maxSocketPath || strings.ContainsAny(place, `,"`) {
		return "", fmt.Errorf("the path of a socket in %s would be too long, or cannot be written in Postgres's configuration", place)
	}
	folder, err := os.MkdirTemp(place, socketFolder)
	if err != nil {
		return "", err
	}
	err = c.own(folder)
	if err == nil {
		err = c.dir.as.enter(ctx, folder, c.bin.program("postgres"))
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(folder))
	}
	return folder, nil
}

func (c *cluster) own(folder string) error {
	if !c.dir.as.drop {
		return nil
	}
	return os.Lchown(folder, c.dir.as.uid, c.dir.as.gid)
}

// owns reports whether a folder is the account's alone.
func (c *cluster) owns(folder string) bool {
	info, err := os.Lstat(folder)
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
		return false
	}
	uid, _, ok := owner(info)
	return ok && uid == c.dir.as.uid
}
