package upload_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/upload"
)

// A spreadsheet that opens the table computes nothing of what stood in the file.
func TestProblemsAsCSV(t *testing.T) {
	var text strings.Builder
	table, err := upload.NewProblemCSV(&text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ value, want string }{
		{"7o", "7o"},
		{"", ""},
		{"-5.5", "-5.5"},
		{"+5", "+5"},
		{"a=1", "a=1"},
		{"=1+1", "'=1+1"},
		{"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"+1+cmd", "'+1+cmd"},
		{"-2+3", "'-2+3"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "\t'=1"},
		{"\r=1", "\r'=1"},
		{`a "quoted", cell`, `a "quoted", cell`},
	} {
		text.Reset()
		problem := intake.Problem{
			Code: intake.BadNumber, Severity: intake.Error, File: c.value, Line: 3,
			Column: intake.Column{Letter: "D", Header: c.value}, Value: c.value, Message: c.value, Hint: "write the number",
		}
		if err := table.Add(problem); err != nil {
			t.Fatal(err)
		}
		if err := table.Flush(); err != nil {
			t.Fatal(err)
		}
		_, row, header := strings.Cut(text.String(), "file,line,column,header,code,severity,value,message,hint\n")
		if !header {
			row = text.String()
		}
		got, err := csv.NewReader(strings.NewReader(row)).Read()
		if err != nil {
			t.Fatal(err)
		}
		want := []string{c.want, "3", "D", c.want, "bad-number", "error", c.want, c.want, "write the number"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.value, diff)
		}
	}
}
