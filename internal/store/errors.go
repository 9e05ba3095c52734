package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/upload"
)

var (
	// ErrUnreachable is the error of a database that does not answer.
	ErrUnreachable = errors.New("the database cannot be reached")
	// ErrNotMigrated is the error of a database without citygauge's tables, or
	// with those of another version.
	ErrNotMigrated = errors.New("the database is not migrated")
)

// SQLSTATEs that are told apart.
const (
	insufficientPrivilege = "42501"
	undefinedTable        = "42P01"
	undefinedSchema       = "3F000"
	duplicateObject       = "42710"
	duplicateTable        = "42P07"
	duplicateDatabase     = "42P04"
	duplicateSchema       = "42P06"
	uniqueViolation       = "23505"
	internalError         = "XX000" // "tuple concurrently updated"
	serializationFailure  = "40001"
	deadlockDetected      = "40P01"
	queryCanceled         = "57014"
	diskFull              = "53100"
)

func sqlState(err error) string {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return string(e.Code)
	}
	return ""
}

// explained gives an error of the database the name that callers know it by.
func explained(err error) error {
	switch state := sqlState(err); {
	case err == nil || errors.Is(err, ErrUnreachable):
		return err
	case state == undefinedTable || state == undefinedSchema:
		return fmt.Errorf("%w: run citygauge migrate: %w", ErrNotMigrated, err)
	case state == serializationFailure || state == deadlockDetected:
		return fmt.Errorf("%w: %w", upload.ErrConflict, err)
	case state == diskFull:
		return fmt.Errorf("the database's disk is full: make room there, and try again: %w", err)
	case !errors.Is(err, context.Canceled) && isConnectionError(err):
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	return err
}

// committed explains an error of COMMIT itself.
func committed(err error) error {
	if err != nil && isConnectionError(err) {
		return fmt.Errorf("%w while it committed, so that nobody knows whether it did: %w", ErrUnreachable, err)
	}
	return explained(err)
}
