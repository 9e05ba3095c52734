package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/upload"
)

// removePreviews removes the previews that can no longer be committed, and
// their files where no other upload has the same.
func (s *Store) removePreviews(ctx context.Context) error {
	return s.System(ctx, func(tx *Tx) error {
		var files [][]byte
		if err := tx.SelectContext(ctx, &files, `
			delete from citygauge.upload
			where state = 'previewed' and received_at < clock_timestamp() - $1::interval
			returning sha256`, fmt.Sprintf("%d seconds", int(upload.TokenLife.Seconds()))); err != nil || len(files) == 0 {
			return err
		}
		// An upload that is being recorded holds its file; once it is through, the
		// next statement sees it.
		if _, err := tx.ExecContext(ctx, `
			select from citygauge.upload_file where sha256 = any($1) and part = 0 order by sha256 for update`, pq.Array(files)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			delete from citygauge.upload_file f
			where sha256 = any($1) and not exists (select from citygauge.upload u where u.sha256 = f.sha256)`, pq.Array(files))
		return err
	})
}
