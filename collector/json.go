package collector

import (
	"bufio"
	"context"

	"github.com/citygauge/citygauge/internal/programme"
)

// jsonKind pulls an answer in JSON from any address. Fields are paths as gjson
// writes them, such as properties.offense.
type jsonKind struct{}

// Check finds nothing more to need than a url.
func (jsonKind) Check(programme.Source) []Lack { return nil }

// Pull reads the answer as it comes.
func (jsonKind) Pull(ctx context.Context, p *Pull) error {
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.Content.Close()
	content := bufio.NewReaderSize(a.Content, 64<<10)
	begin, _ := content.Peek(512) // what is wrong with it shows below
	if err := a.notPage(begin); err != nil {
		return err
	}
	reader := newJSONReader(p.Columns, false)
	told, err := eachRecord(textOf(content), p.Source.Records, func(record []byte) error { return p.Record(reader.read(record)) })
	if err != nil {
		return err
	}
	p.more = p.more || told.more || told.total > p.read
	p.Limits = usualLimits
	return reader.missing(p)
}
