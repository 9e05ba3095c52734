package main

import (
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

const (
	faultDays = 1000
	faultRows = longCities * longIndicators * faultDays
)

// Postgres goes in the middle of an import, in one way or another, and comes
// back.
func TestFaultPostgresRestarts(t *testing.T) {
	t.Parallel()
	o := newOwnPostgres(t, enterable(t))
	programme, file := days(t, faultDays)
	o.runs(t, exitDone, "apply", programme)
	serving := o.serve(t)
	for _, c := range []struct {
		name string
		down func(*testing.T)
	}{{"stopped", o.stop}, {"killed", o.kill}} {
		o.Slow(slowly)
		importing := start(t, nil, "import", o.flag, file)
		o.awaitCopy(t, importing)
		c.down(t)
		o.ends(t, importing, exitEnvironment)
		importing.says(t, "the database", "run the command again; nothing is taken in twice")
		serving.await(t, http.StatusServiceUnavailable)
		serving.awaitShown(t, "citygauge_database_up 0")
		hold := o.server
		o.start(t)
		if err := hold.Close(); err != nil {
			t.Error(err)
		}
		serving.await(t, http.StatusOK)
		o.nothing(t)
		if t.Failed() {
			t.Fatalf("%s:\n%s", c.name, &serving.talk)
		}
	}
	o.Slow(0)
	o.runs(t, exitDone, "import", file)
	o.whole(t, faultRows, faultRows)
	serving.awaitShown(t, `citygauge_indicator_value{city="city-00",indicator="indicator-0"} 22`)
	serving.says(t, "following the database failed", "the metrics shown agree with the database")
	// Nothing is taken in twice.
	if again := o.runs(t, exitDone, "import", file); !t.Failed() {
		again.says(t, "0 new")
	}
	o.whole(t, faultRows, faultRows)
}

func TestFaultDiskIsFull(t *testing.T) {
	t.Parallel()
	small := enterable(t)
	mountSmall(t, small)
	o := newOwnPostgres(t, small)
	programme, file := days(t, faultDays)
	o.runs(t, exitDone, "apply", programme)
	serving := o.serve(t)
	ballast := filepath.Join(small, "ballast")
	fill(t, ballast)
	p := o.runs(t, exitEnvironment, "import", file)
	p.says(t, "the database's disk is full: make room there, and try again")
	serving.await(t, http.StatusOK) // for what is there can be read
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	o.nothing(t)
	o.runs(t, exitDone, "import", file)
	o.whole(t, faultRows, faultRows)
}

// mountSmall puts a small file system in a folder, until the test ends. As
// another user than root, the test needs a mount namespace of its own.
func mountSmall(t *testing.T, dir string) {
	t.Helper()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256m,mode=755"); err != nil {
		t.Fatalf("a small file system is needed: run as root, or under unshare --user --map-current-user --keep-caps --mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}

// fill writes a file until there is room for little more.
func fill(t *testing.T, ballast string) {
	t.Helper()
	const left = 2 << 20
	f, err := os.Create(ballast)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for part := make([]byte, 1<<20); ; {
		var disk syscall.Statfs_t
		if err := syscall.Statfs(filepath.Dir(ballast), &disk); err != nil {
			t.Fatal(err)
		}
		if disk.Bavail*uint64(disk.Bsize) < left+uint64(len(part)) {
			return
		}
		if _, err := f.Write(part); err != nil {
			t.Fatal(err)
		}
	}
}
