//go:build !unix || aix || solaris

package localpg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// supported lets citygauge be built, for use with a database elsewhere, where there is no private one.
func supported() error {
	return fmt.Errorf("no private Postgres on %s: name a database with --database-url: %w", runtime.GOOS, errors.ErrUnsupported)
}

func tryLock(*os.File, bool) (bool, error)      { return false, errors.ErrUnsupported }
func unlock(*os.File)                           {}
func owner(fs.FileInfo) (uid, gid int, ok bool) { return 0, 0, false }
func detach(*exec.Cmd, account)                 {}
func signalGroup(int, syscall.Signal) error     { return errors.ErrUnsupported }
func exists(int) bool                           { return false }
func procFile(int, string) string               { return "" }
