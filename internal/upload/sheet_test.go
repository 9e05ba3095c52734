package upload_test

import (
	"io"
	"strings"
	"testing"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// What is taken in, and what is kept, are the bytes whose hash is reported.
func TestFileThatChangesWhileItIsRead(t *testing.T) {
	read := 0
	_, err := upload.Check(t.Context(), programme.Programme{}, upload.Request{
		Name: "observations.csv",
		Content: func() (io.ReadCloser, error) {
			read++
			return io.NopCloser(strings.NewReader("city,indicator,period,value\n" + strings.Repeat("a,b,2025,1\n", read))), nil
		},
	}, func(programme.City) programme.Date { return 0 })
	if err == nil || !strings.Contains(err.Error(), "changed while it was read") {
		t.Errorf("the error is %v", err)
	}
}
