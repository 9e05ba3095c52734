package demo

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/citygauge/citygauge/internal/programme"
)

func TestWriteCSV(t *testing.T) {
	day := programme.PeriodOf(programme.Daily, programme.NewDate(2026, time.March, 15))
	observations := []programme.Observation{
		{City: "aldermoor", Indicator: "pm25", Period: day, Value: 12.5, Status: programme.Final},
		{City: "aldermoor", Indicator: "pm25", Period: day.Next(), Value: 1e6, Status: programme.Estimated, Note: "one, \"two\""},
		{City: "fenwyck", Indicator: "homicides", Period: programme.Month(2026, 3), Status: programme.Suppressed, Note: "fewer than five"},
	}
	const want = `city,indicator,period,value,status,note
aldermoor,pm25,2026-03-15,12.5,final,
aldermoor,pm25,2026-03-16,1000000,estimated,"one, ""two"""
fenwyck,homicides,2026-03,*,suppressed,fewer than five
`
	var got strings.Builder
	if err := WriteCSV(&got, slices.Values(observations)); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("wrote\n%s, not\n%s", got.String(), want)
	}
}

func TestWriteCSVSaysThatTheDiskIsFull(t *testing.T) {
	full := errors.New("no space left")
	err := WriteCSV(failingWriter{full}, slices.Values([]programme.Observation(nil)))
	if !errors.Is(err, full) {
		t.Errorf("the error is %v", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
