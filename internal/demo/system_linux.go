package demo

import "syscall"

// ownGroup puts a child in a process group of its own and has it end when the
// thread that starts it does. The signal is the orderly one, so that a program
// with children of its own, as Grafana's plugins are, takes them along.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
