//go:build unix

package demo

import "syscall"

// signalGroup signals a child and everything in its group; it is no error that
// nobody is left to hear it.
func signalGroup(pid int, signal syscall.Signal) { _ = syscall.Kill(-pid, signal) }
