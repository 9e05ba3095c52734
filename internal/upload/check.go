package upload

import (
	"context"
	"fmt"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// Check reads a file against a programme and takes nothing in. Its report says
// what is wrong with the file; which rows are new or changed only a store can
// tell.
func Check(ctx context.Context, p programme.Programme, r Request, today func(programme.City) programme.Date) (Report, error) {
	file, err := receive(r, time.Time{})
	if err != nil {
		return Report{}, err
	}
	s := &sheet{report: newReport(file), request: r, content: file.Content}
	if err := s.read(ctx, p, today, func(intake.Row) error { return nil }); err != nil {
		return Report{}, fmt.Errorf("read %s: %w", r.Name, err)
	}
	return s.report, nil
}
