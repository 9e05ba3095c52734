package intake_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
)

// generated is a file of so many rows that is never in memory as a whole, and
// the catalogue it speaks of: weekly series of twenty years, one after another.
func generated(rows int) (intake.Source, intake.Options) {
	const weeks, perCity = 1000, 50
	var p programme.Programme
	for s := range (rows + weeks - 1) / weeks {
		city := fmt.Sprintf("city-%d", s/perCity)
		if s%perCity == 0 {
			p.Cities = append(p.Cities, programme.City{ID: city})
		}
		p.Indicators = append(p.Indicators, programme.Indicator{
			City: city, ID: fmt.Sprintf("indicator-%d", s%perCity), Frequency: programme.Weekly, Kind: programme.Quantity,
		})
	}
	first := programme.PeriodOf(programme.Weekly, programme.NewDate(2005, 1, 3))
	periods := make([]string, weeks)
	for i := range periods {
		periods[i] = first.Plus(i).String()
	}
	open := func() (io.ReadCloser, error) {
		next, ready := 0, bytes.NewBufferString("city,indicator,period,value\n")
		return io.NopCloser(readerFunc(func(into []byte) (int, error) {
			for ; next < rows && ready.Len() < len(into); next++ {
				i := p.Indicators[next/weeks]
				fmt.Fprintf(ready, "%s,%s,%s,%d.5\n", i.City, i.ID, periods[next%weeks], next)
			}
			return ready.Read(into)
		})), nil
	}
	return intake.Source{Name: "generated.csv", Open: open}, intake.Options{
		Catalogue: intake.NewCatalogue(p),
		Today:     func(programme.City) programme.Date { return programme.NewDate(2026, 1, 1) },
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// discard takes everything and keeps nothing.
type discard struct{}

func (discard) Row(intake.Row) error         { return nil }
func (discard) Problem(intake.Problem) error { return nil }
func (discard) Retract(intake.Key) error     { return nil }
func (discard) About(intake.About) error     { return nil }

func BenchmarkCheck(b *testing.B) {
	const rows = 1_000_000
	source, options := generated(rows)
	file, err := source.Open()
	if err != nil {
		b.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err != nil {
		b.Fatal(err)
	}
	source.Open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if sum, err := intake.Check(context.Background(), source, options, discard{}); err != nil || sum.Rows != rows {
			b.Fatalf("%+v, %v", sum, err)
		}
	}
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkWorkbook reads the same rows as a workbook and as CSV.
func BenchmarkWorkbook(b *testing.B) {
	const rows = 100_000
	source, options := generated(rows)
	file, err := source.Open()
	if err != nil {
		b.Fatal(err)
	}
	content, err := io.ReadAll(file)
	if err != nil {
		b.Fatal(err)
	}
	var sheet strings.Builder
	for n, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		fmt.Fprintf(&sheet, `<row r="%d">`, n+1)
		for i, cell := range strings.Split(line, ",") {
			if n > 0 && i == 3 {
				fmt.Fprintf(&sheet, `<c r="D%d" s="0"><v>%s</v></c>`, n+1, cell)
			} else {
				sheet.WriteString(text(fmt.Sprintf("%c%d", 'A'+i, n+1), cell))
			}
		}
		sheet.WriteString(`</row>`)
	}
	for name, content := range map[string]string{"csv": string(content), "workbook": newBook(sheet.String()).file()} {
		b.Run(name, func(b *testing.B) {
			source.Open = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }
			b.ReportAllocs()
			for b.Loop() {
				if sum, err := intake.Check(context.Background(), source, options, discard{}); err != nil || sum.Rows != rows {
					b.Fatalf("%+v, %v", sum, err)
				}
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(len(content)), "bytes")
		})
	}
}
