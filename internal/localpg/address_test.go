package localpg

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

func TestTakenPortIsNotUsed(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	s := start(t, dir)
	_, before := s.Address()
	stop(t, s)
	squatter, err := net.Listen("tcp4", net.JoinHostPort(loopback, strconv.Itoa(before)))
	if err != nil {
		t.Skipf("somebody else has taken port %d: %v", before, err)
	}
	defer squatter.Close()
	s = start(t, dir)
	if _, now := s.Address(); now == before {
		t.Errorf("the server is said to listen on port %d, which is taken", now)
	}
	stop(t, s)
}

// The settings name the port here, so that it is certain to be taken between choosing and starting.
func TestPortTakenAtTheLastMoment(t *testing.T) {
	t.Parallel()
	dir := newCluster(t)
	squatter, err := net.Listen("tcp4", loopback+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	port := squatter.Addr().(*net.TCPAddr).Port
	result := make(chan error)
	go func() {
		s, err := Start(t.Context(), Options{Dir: dir, Settings: map[string]string{"fsync": "off", "port": strconv.Itoa(port)}})
		if err == nil {
			err = s.Close()
		}
		result <- err
	}()
	await(t, "the first attempt fails", func() bool {
		log, err := os.ReadFile(filepath.Join(dir, logFile))
		return err == nil && strings.Contains(string(log), "Address already in use")
	})
	squatter.Close()
	if err := <-result; err != nil {
		t.Error(err)
	}
}

func TestSocketFolder(t *testing.T) {
	t.Parallel()
	place := newDir(t)
	if err := os.Mkdir(place, 0o755); err != nil {
		t.Fatal(err)
	}
	d, err := openDataDir(newDir(t))
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	c := &cluster{dir: d}
	if c.bin, err = d.binaries(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	folder := func(name string, mode os.FileMode) string {
		path := filepath.Join(place, name)
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := c.own(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	link := filepath.Join(place, socketFolder+"link")
	if err := os.Symlink(folder(socketFolder+"target", 0o700), link); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		last string
		kept bool
	}{
		{"ours", folder(socketFolder+"ours", 0o700), true},
		{"cleaned away", filepath.Join(place, socketFolder+"gone"), true},
		{"open to others", folder(socketFolder+"open", 0o755), false},
		{"a link", link, false},
		{"elsewhere", filepath.Join(t.TempDir(), socketFolder+"x"), false},
		{"another name", filepath.Join(place, "cron.d"), false},
		{"none", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := c.sockets(t.Context(), tc.last, []string{place})
			if err != nil {
				t.Fatal(err)
			}
			if (got == tc.last) != tc.kept {
				t.Errorf("got %s for %s", got, tc.last)
			}
			if !c.owns(got) {
				t.Errorf("%s is not the account's alone", got)
			}
		})
	}
}
