package collector

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/tidwall/gjson"
)

// errNoRecords is the error of an answer without the list of records.
var errNoRecords = errors.New("the answer has no list of records where one is expected")

// eachRecord reads an answer in JSON one record at a time, whatever its size:
// the items of the list at a path of keys joined by dots, which is empty where
// the answer is the list itself. It reads the answer to its very end, since one
// that was cut off is no answer. What it says beside them comes back, too.
func eachRecord(content io.Reader, path string, do func(record []byte) error) (beside, error) {
	bounded := newBounded(content)
	r := recordsReader{Decoder: json.NewDecoder(bounded), bounded: bounded, do: do}
	if err := r.descend(keysOf(path)); err != nil {
		return beside{}, err
	}
	if !r.found {
		return beside{}, fail(NotData, "%w: %q: correct records of the source", errNoRecords, path)
	}
	switch _, err := r.Token(); {
	case errors.Is(err, io.EOF):
		return r.beside, nil
	case err == nil:
		return beside{}, failSoon(NotData, "the answer goes on after its end")
	default:
		return beside{}, broken(err)
	}
}

// recordsReader reads an answer once.
type recordsReader struct {
	*json.Decoder
	bounded *bounded
	do      func(record []byte) error
	found   bool
	beside  beside
}

func keysOf(path string) []string {
	if path == "" {
		return nil
	}
	return strings.Split(path, ".")
}

// descend reads one value, and hands on the items of the list at a path in it.
func (r *recordsReader) descend(keys []string) error {
	begin, err := r.Token()
	if err != nil {
		return broken(err)
	}
	if begin == json.Delim('[') && len(keys) == 0 {
		r.found = true
		return r.items()
	}
	if begin != json.Delim('{') || len(keys) == 0 {
		return fail(NotData, "%w", errNoRecords)
	}
	for r.More() {
		key, err := r.Token()
		if err != nil {
			return broken(err)
		}
		if key == keys[0] {
			err = r.descend(keys[1:])
		} else {
			var value json.RawMessage
			err = broken(r.Decode(&value))
			name, _ := key.(string)
			r.beside.note(name, gjson.ParseBytes(value))
		}
		if err != nil {
			return err
		}
	}
	_, err = r.Token()
	return broken(err)
}

func (r *recordsReader) items() error {
	var record json.RawMessage
	for r.More() {
		if err := r.Decode(&record); err != nil {
			return broken(err)
		}
		if err := r.do(record); err != nil {
			return err
		}
		r.bounded.next()
	}
	_, err := r.Token()
	return broken(err)
}

// broken is the error of an answer that is not JSON, or not whole.
func broken(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*Failure](err); ok {
		return err
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok && !errors.Is(err, io.ErrUnexpectedEOF) && err.Error() != "unexpected end of JSON input" {
		return failSoon(NotData, "the answer is not the JSON that it should be: %w", err)
	}
	return failSoon(Unreachable, "the answer ends in the middle")
}

// eachItem hands on the items of the list at a path of a page.
func eachItem(page []byte, path string, do func(item []byte) error) error {
	if !gjson.ValidBytes(page) {
		return failSoon(NotData, "the answer is not the JSON that it should be: %.100q", page)
	}
	list := gjson.ParseBytes(page)
	if path != "" {
		list = list.Get(path)
	}
	if !list.IsArray() {
		return fail(NotData, "%w: %.300s", errNoRecords, page)
	}
	var err error
	list.ForEach(func(_, item gjson.Result) bool {
		err = do([]byte(item.Raw))
		return err == nil
	})
	return err
}

// text is a value of a JSON record as a cell; nothing for null.
func text(v gjson.Result) string {
	switch v.Type {
	case gjson.Null:
		return ""
	case gjson.String:
		return v.Str
	}
	return v.Raw // numbers keep every digit
}

// reader takes the columns out of JSON records.
type jsonReader struct {
	paths  []string
	seen   []bool // which were in any record, if only as null
	values []string
}

// newJSONReader reads columns by their paths, or by their very names.
func newJSONReader(columns []string, names bool) *jsonReader {
	r := &jsonReader{paths: make([]string, len(columns)), seen: make([]bool, len(columns)), values: make([]string, len(columns))}
	for n, c := range columns {
		r.paths[n] = c
		if names {
			r.paths[n] = gjson.Escape(c)
		}
	}
	return r
}

func (r *jsonReader) read(record []byte) []string {
	for n, v := range gjson.GetManyBytes(record, r.paths...) {
		r.values[n] = text(v)
		r.seen[n] = r.seen[n] || v.Exists()
	}
	return r.values
}

// missing fails where a column was in no record.
func (r *jsonReader) missing(p *Pull) error {
	if p.read == 0 {
		return nil
	}
	var has []string
	for n, c := range p.Columns {
		if r.seen[n] {
			has = append(has, c)
		}
	}
	return p.Has(has)
}
