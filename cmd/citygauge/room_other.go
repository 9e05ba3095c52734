//go:build !linux && !darwin

package main

import "errors"

// room cannot be told here.
func room(string) (free, all uint64, err error) {
	return 0, 0, errors.ErrUnsupported
}
