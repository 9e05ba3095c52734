//go:build !unix

package demo

import (
	"os"
	"syscall"
)

// ownGroup has no process groups to offer here.
func ownGroup() *syscall.SysProcAttr { return nil }

// signalGroup ends the child, whatever the signal: there are no others here.
func signalGroup(pid int, _ syscall.Signal) {
	if child, err := os.FindProcess(pid); err == nil {
		_ = child.Kill()
	}
}
