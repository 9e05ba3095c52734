package web

import (
	"fmt"
	"html/template"

	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/web/words"
)

// shapes tell the statuses apart for those who do not see their colours.
var shapes = map[progress.Status]string{
	progress.Met:        "M4 14V2M4 3h8.5l-2 3 2 3H4",
	progress.OnTrack:    "M3 8.5l3.5 3.5L13 4.5",
	progress.TooClose:   "M2.5 6.5c2-2 3.5-2 5.5 0s3.5 2 5.5 0M2.5 10.5c2-2 3.5-2 5.5 0s3.5 2 5.5 0",
	progress.Slipping:   "M8 2.5L14 13H2zM8 6.5v3M8 11.4v.1",
	progress.OffTrack:   "M4 4l8 8M12 4l-8 8",
	progress.MovingAway: "M13 8H3M7 4L3 8l4 4",
	progress.Missed:     "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M5 8h6",
	progress.Early:      "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 5v3.2l2 1.3",
	progress.Awaiting:   "M3.5 8h.1M8 8h.1M12.5 8h.1",
	progress.NoData:     "M4 8h8",
}

// shape is a status's shape; its word stands beside it.
func shape(s progress.Status) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="shape" viewBox="0 0 16 16" aria-hidden="true"><path d="%s"/></svg>`, shapes[s])) //nolint:gosec // nothing of it is anybody's text
}

// badge is a status in colour, shape and word.
func badge(l *words.Language, s progress.Status) (template.HTML, error) {
	if _, known := shapes[s]; !known {
		return "", fmt.Errorf("there is no status %q", s)
	}
	return template.HTML(fmt.Sprintf(`<span class="status %s">%s%s</span>`, s, shape(s), template.HTMLEscapeString(l.Status(s)))), nil //nolint:gosec // escaped
}
