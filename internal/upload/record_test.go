package upload_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/citygauge/citygauge/internal/upload"
)

// All that decides how a file is read is recorded, so that a preview is
// committed as it was shown.
func TestReadingIsWhole(t *testing.T) {
	beside := []string{"Name", "Content", "Account", "Limits", "Key", "Problem"}
	reading := reflect.TypeFor[upload.Reading]()
	for field := range reflect.TypeFor[upload.Request]().Fields() {
		if _, ok := reading.FieldByName(field.Name); ok == slices.Contains(beside, field.Name) {
			t.Errorf("%s: record it in upload.Reading, or name it here", field.Name)
		}
	}
}
