package main

import (
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

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
