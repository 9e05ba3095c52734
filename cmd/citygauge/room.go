//go:build linux || darwin

package main

import "syscall"

// room is how many bytes are free on the disk of a folder, of how many.
func room(dir string) (free, all uint64, err error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return 0, 0, err
	}
	return disk.Bavail * uint64(disk.Bsize), disk.Blocks * uint64(disk.Bsize), nil
}
