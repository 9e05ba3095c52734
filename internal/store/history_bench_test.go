package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// expectsNothing is a store that knows no bounds of values.
type expectsNothing struct{ upload.Store }

type boundless struct{ upload.Transaction }

func (s expectsNothing) Begin(ctx context.Context, scope upload.Scope) (upload.Transaction, error) {
	tx, err := s.Store.Begin(ctx, scope)
	return boundless{tx}, err
}

func (boundless) Bounds(context.Context, intake.Key) (intake.Bounds, error) {
	return intake.Bounds{}, nil
}

// BenchmarkBounds imports what stands already, with and without looking for
// unusual values: ten years of weeks of 50 indicators in each of five cities.
func BenchmarkBounds(b *testing.B) {
	const cities, indicators, weeks = 5, 50, 520
	i := install(b)
	p := programme.Programme{}
	var csv strings.Builder
	csv.WriteString("city,indicator,period,value\n")
	first := programme.PeriodOf(programme.Weekly, programme.NewDate(2015, 1, 5))
	for c := range cities {
		city := fmt.Sprintf("city-%d", c)
		p.Cities = append(p.Cities, programme.City{ID: city, Name: city, Country: "US", Population: 250_000})
		for n := range indicators {
			id := fmt.Sprintf("indicator-%d", n)
			p.Indicators = append(p.Indicators, programme.Indicator{
				City: city, ID: id, Title: id, Unit: "people", Frequency: programme.Weekly, Kind: programme.Quantity,
				Direction: programme.Decrease, Measure: programme.Latest, Lens: programme.Outcome, DueDays: programme.DefaultDueDays,
			})
			for w := range weeks {
				fmt.Fprintf(&csv, "%s,%s,%s,%d\n", city, id, first.Plus(w), 100+w%7)
			}
		}
	}
	i.apply(b, p)
	i.take(b, upload.Request{}, csv.String())
	without := *i
	without.Service.Store = expectsNothing{i.Store}
	for name, i := range map[string]*installation{"with": i, "without": &without} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if report := i.take(b, upload.Request{}, csv.String()); report.Counts.Unchanged != cities*indicators*weeks {
					b.Fatalf("%+v", report)
				}
			}
		})
	}
}
