package export

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/citygauge/citygauge/internal/metric"
	"github.com/citygauge/citygauge/internal/progress"
)

// spool holds the samples of one metric, as OpenMetrics text, until all are
// there.
type spool struct {
	metric.Gauge
	file *os.File
	out  *bufio.Writer
	line []byte
}

func createSpool(folder string, g metric.Gauge) (*spool, error) {
	file, err := os.Create(filepath.Join(folder, g.Name))
	if err != nil {
		return nil, fmt.Errorf("make a temporary file for %s: %w", g.Name, err)
	}
	return &spool{Gauge: g, file: file, out: bufio.NewWriter(file)}, nil
}

// add adds a sample, or nothing where the figure is not known. Labels are as
// they stand between the braces: their values, slugs and statuses, need no
// escaping.
func (s *spool) add(labels string, v progress.Figure, at time.Time) error {
	if !v.Known {
		return nil
	}
	s.line = append(s.line[:0], s.Name...)
	s.line = append(s.line, '{')
	s.line = append(s.line, labels...)
	s.line = append(s.line, "} "...)
	s.line = strconv.AppendFloat(s.line, v.Number, 'g', -1, 64)
	s.line = append(s.line, ' ')
	s.line = strconv.AppendInt(s.line, at.Unix(), 10)
	s.line = append(s.line, '\n')
	if _, err := s.out.Write(s.line); err != nil {
		return s.failed(err)
	}
	return nil
}

// addEach adds a figure of each of a target's assessments, in order of time.
func (s *spool) addEach(labels string, judged []progress.Assessment, of func(*progress.Assessment) progress.Figure, zone *time.Location) error {
	for n := range judged {
		if err := s.add(labels, of(&judged[n]), judged[n].Day.EndIn(zone)); err != nil {
			return err
		}
	}
	return nil
}

func (s *spool) header() string {
	return "# TYPE " + s.Name + " gauge\n# HELP " + s.Name + " " + s.Help + "\n"
}

// rewind is what was added, to be read from the beginning.
func (s *spool) rewind() (io.Reader, error) {
	if err := s.out.Flush(); err != nil {
		return nil, s.failed(err)
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return nil, s.failed(err)
	}
	return s.file, nil
}

func (s *spool) failed(err error) error {
	return fmt.Errorf("keep the samples of %s in a temporary file (TMPDIR says where): %w", s.Name, err)
}
