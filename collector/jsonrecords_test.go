package collector

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
)

// What is read as records is JSON from its first byte to its last.
func FuzzRecords(f *testing.F) {
	for _, text := range []string{`[]`, `[{"a":1},{"a":null}]`, `{"data":{"items":[1,2]},"x":[[]]}`, `{"data":{"items":[`, `[1]]`, `{"data":[]}`} {
		f.Add([]byte(text), "")
		f.Add([]byte(text), "data.items")
	}
	f.Fuzz(func(t *testing.T, content []byte, path string) {
		records := 0
		_, err := eachRecord(bytes.NewReader(content), path, func(record []byte) error {
			if records++; !json.Valid(record) {
				t.Errorf("a record is %q", record)
			}
			newJSONReader([]string{"a", "a.b", "#"}, false).read(record)
			return nil
		})
		if err == nil && !json.Valid(content) {
			t.Errorf("%q is read as %d records", content, records)
		}
		if _, ok := errors.AsType[*Failure](err); err != nil && !ok {
			t.Errorf("%q: the error %v has no reason", content, err)
		}
	})
}

func FuzzNumbers(f *testing.F) {
	for _, text := range []string{"0", "-1.5e3", "$1,234.50", "1e30", "1_000", "0x1p4", "9007199254740993", "٣"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, mark := range []byte{0, '.', ','} {
			e, v, err := readExact(text, mark)
			if err == nil && e.float() != v {
				t.Errorf("%q is %v exactly and %v nearly", text, e.float(), v)
			}
		}
	})
}
