package dashboards

import (
	"strconv"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"github.com/citygauge/citygauge/internal/progress"
)

// statusMapping says a status in words and in its colour.
func statusMapping() dashboard.ValueMapping {
	return mapping(progress.Statuses(), func(_ int, s progress.Status) string { return string(s) })
}

// placeMapping does so for a status by its place in report.status, which is
// that in progress.Statuses, from 1.
func placeMapping() dashboard.ValueMapping {
	return mapping(progress.Statuses(), func(n int, _ progress.Status) string { return strconv.Itoa(n + 1) })
}

// said is what has words and a colour.
type said interface {
	Words() string
	Colour() string
}

func mapping[T said](all []T, value func(int, T) string) dashboard.ValueMapping {
	m := dashboard.NewValueMap()
	for n, s := range all {
		m.Options[value(n, s)] = dashboard.ValueMappingResult{Text: new(s.Words()), Color: new(s.Colour()), Index: new(int32(n))}
	}
	return dashboard.ValueMapping{ValueMap: m}
}

// yesOrNo says whether the database is there.
func yesOrNo() []dashboard.ValueMapping {
	m := dashboard.NewValueMap()
	m.Options["1"] = dashboard.ValueMappingResult{Text: new(operationsText.yes), Index: new(int32(0))}
	m.Options["0"] = dashboard.ValueMappingResult{Text: new(operationsText.no), Index: new(int32(1))}
	return []dashboard.ValueMapping{{ValueMap: m}}
}
