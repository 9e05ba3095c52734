package main

import (
	"context"

	"github.com/citygauge/citygauge/internal/upload"
)

// rehearsal takes uploads in and then forgets them: what is reported is exactly
// what would happen, and nothing of it is kept.
type rehearsal struct{ upload.Store }

// Begin opens a taking in that is rolled back instead of being committed.
func (r rehearsal) Begin(ctx context.Context, scope upload.Scope) (upload.Transaction, error) {
	tx, err := r.Store.Begin(ctx, scope)
	return rehearsed{tx}, err
}

// Refused keeps nothing.
func (rehearsal) Refused(context.Context, upload.Scope, upload.Entry, upload.Report) (int64, error) {
	return 0, nil
}

type rehearsed struct{ upload.Transaction }

// Commit rolls back.
func (r rehearsed) Commit(context.Context, ...upload.Report) error {
	r.Abandon()
	return nil
}
