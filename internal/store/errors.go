package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/upload"
)

var (
	// ErrUnreachable is the error of a database that does not answer, or lets
	// nobody work.
	ErrUnreachable = errors.New("the database cannot be reached")
	// ErrTurnedAway is beside it where the database did answer: the error then
	// says what to do.
	ErrTurnedAway = errors.New("the database cannot be used")
	// ErrBadURL does not say what is wrong with a URL: whatever it quoted might
	// be a part of the password.
	ErrBadURL = errors.New("the database's URL cannot be read: write postgres://user:password@host:port/database, with special characters of the password percent-encoded")
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
	tooManyConnections    = "53300"
	invalidLogin          = "28000" // the server lets nobody of that name in from here
	invalidPassword       = "28P01"
	noSuchDatabase        = "3D000"
	cannotConnectNow      = "57P03"
	readOnlyTransaction   = "25006"
	featureNotSupported   = "0A000"
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
	case state == readOnlyTransaction:
		return turnedAway(whatStandbysNeed, err)
	case !errors.Is(err, context.Canceled) && isConnectionError(err):
		return unreachable(err)
	}
	return err
}

// unreachable is the error of a connection that cannot be made, or broke.
func unreachable(err error) error {
	switch sqlState(err) {
	case invalidLogin, invalidPassword:
		return turnedAway("correct the user and the password in its URL, or let them in by pg_hba.conf", err)
	case noSuchDatabase:
		return turnedAway("correct the name of the database in its URL, or make it with create database", err)
	case tooManyConnections:
		return turnedAway("end other programs' connections, raise max_connections, or put a pooler in between", err)
	case cannotConnectNow:
		return turnedAway("it is starting or stopping, so try again in a moment", err)
	}
	return fmt.Errorf("%w: %w", ErrUnreachable, err)
}

const whatStandbysNeed = "it is a standby, which only reads, so name the primary in its URL"

// away is an error of a database that answers, and says no.
type away struct {
	do  string
	err error
}

func turnedAway(do string, err error) error { return away{do, err} }

func (a away) Error() string { return fmt.Sprintf("%v: %s: %v", ErrTurnedAway, a.do, a.err) }

func (a away) Unwrap() []error { return []error{ErrUnreachable, ErrTurnedAway, a.err} }

// begun explains an error of BEGIN.
func begun(err error) error {
	if sqlState(err) == featureNotSupported {
		return turnedAway(whatStandbysNeed, err)
	}
	return explained(err)
}

// committed explains an error of COMMIT itself.
func committed(err error) error {
	if err != nil && isConnectionError(err) {
		return fmt.Errorf("%w while it committed, so that nobody knows whether it did: %w", ErrUnreachable, err)
	}
	return explained(err)
}
