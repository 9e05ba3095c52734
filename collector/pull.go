package collector

import (
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/source"
)

// Pull is one source being pulled: what its kind needs to know, and where its
// kind puts what it finds. It belongs to one goroutine.
type Pull struct {
	Source programme.Source
	// Columns are the fields to read of each record, as they are declared.
	Columns []string
	Client  *Client
	Memory  source.Memory // what the last success left
	Learnt  source.Memory // what this one leaves
	// Limits are the numbers of records that are suspicious where nothing was
	// announced: as many as the source gives at once.
	Limits []int64

	secrets   secrets
	sink      *sink
	plan      *plan
	files     *files // where the source's files are taken as they are
	seed      maphash.Seed
	pages     map[uint64]bool
	read      int64 // records, or those that groups stand for
	announced int64 // -1: nothing was
	more      bool  // the source says that others follow, which were not asked for
	progress  func(records int64)
}

// errUnchanged is the error of a kind that knows from its memory that there is
// nothing new.
var errUnchanged = fmt.Errorf("nothing has changed at the source")

// remembers is whether the memory may be trusted to say that nothing changed:
// neither has a period ended since, nor is the city another than it was.
func (p *Pull) remembers() bool {
	return p.Memory.City == cityOf(p.plan) && (p.Memory.Until.IsZero() || p.sink.today < p.Memory.Until)
}

func cityOf(p *plan) string { return fmt.Sprintf("%d %s", p.city.Population, p.zone) }

// Record takes a record in: the values of Columns, in order, empty where there
// is none. The slice may be used again.
func (p *Pull) Record(values []string) error {
	p.read++
	if p.progress != nil && p.read%1000 == 0 {
		p.progress(p.read)
	}
	return p.sink.record(p.read, values)
}

// Announce says how many records are to come, where the source tells. It may be
// called again with the same number; another one says that the source changed
// in the middle.
func (p *Pull) Announce(total int64) error {
	if p.announced >= 0 && p.announced != total {
		return failSoon(Incomplete, "the source had %d records when the pull began and has %d now: it changes in the middle", p.announced, total)
	}
	p.announced = total
	return nil
}

// Has says which columns the source has. It fails where one is missing that is
// to be read.
func (p *Pull) Has(names []string) error {
	var missing []string
	for _, c := range p.Columns {
		if !slices.Contains(names, c) {
			missing = append(missing, c)
		}
	}
	if len(missing) == 0 {
		return p.once(names)
	}
	shown := names[:min(len(names), 30)]
	return fail(MissingColumn, "the source has no column %s: it has %s: correct the fields of the source", strings.Join(missing, ", "), strings.Join(shown, ", "))
}

// once fails where a column that is read is there twice: nobody knows which is
// meant.
func (p *Pull) once(names []string) error {
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] && slices.Contains(p.Columns, name) {
			return fail(BadRecord, "the source has two columns %s: name them apart there", name)
		}
		seen[name] = true
	}
	return nil
}

// Page notes the content of a page. It fails where it came before: the source
// does not turn pages, and would be read for ever or in part.
func (p *Pull) Page(content []byte) error {
	if p.pages == nil {
		p.pages = map[uint64]bool{}
	}
	digest := maphash.Bytes(p.seed, content)
	if p.pages[digest] {
		return failSoon(Repeated, "page %d is the same as one before: the source does not turn its pages", len(p.pages)+1)
	}
	p.pages[digest] = true
	return nil
}

// Token and Password are the secrets that the declaration refers to.
func (p *Pull) Token() string { return p.secrets.token }

// Password is the secret of the user.
func (p *Pull) Password() string { return p.secrets.password }

// AsIs reports whether the source's files are to be handed on whole, with
// [Pull.File], rather than as records.
func (p *Pull) AsIs() bool { return p.plan.asIs() }

// File takes a file of observations in as it is.
func (p *Pull) File(name string, content io.Reader) error {
	p.read++
	return p.files.keep(name, content)
}

// complete fails where not everything came that was announced, or only a
// fraction of the usual.
func (p *Pull) complete(usual int64, acceptFewer bool) error {
	if p.announced >= 0 && p.announced != p.read {
		return failSoon(Incomplete, "the source announced %d records, and %d came", p.announced, p.read)
	}
	if p.announced < 0 && slices.Contains(p.Limits, p.read) && p.read != usual && !acceptFewer {
		return fail(Capped, "exactly %d records came, which is as many as many sources give at once, and nothing says whether there are more: ask for all of them in the url, or collect once with --accept-fewer", p.read)
	}
	if p.more && !acceptFewer {
		return fail(Capped, "%d records came, and the source says that more follow on another page: ask for all of them in the url, or collect once with --accept-fewer", p.read)
	}
	if err := p.sink.dates.check(); err != nil {
		return err
	}
	if p.AsIs() {
		return nil
	}
	p.Learnt.Rare = p.Memory.Rare || acceptFewer && p.sink.met == 0
	if acceptFewer {
		return nil
	}
	if shrunk(p.read, usual, p.Memory.Rare) {
		return fail(Shrunk, "%d records came, and %d the last time: if that is right, collect the source once with --accept-fewer", p.read, usual)
	}
	if met := p.Memory.Met; shrunk(p.sink.met, met, p.Memory.Rare) {
		return fail(Shrunk, "%d of the records meet the conditions of where, and %d did the last time, as if what they name were called otherwise now: if that is right, collect the source once with --accept-fewer", p.sink.met, met)
	}
	if p.sink.met == 0 && !p.Memory.Rare {
		return fail(NotData, "%d records came, and no observation can be made of them: look at the source, and at where; if what it tells of is so rare, collect it once with --accept-fewer", p.read)
	}
	return nil
}

// shrunk is whether there are so few that something is missing: none, unless it
// was accepted that there may be none, or a fraction of many.
func shrunk(n, usual int64, rare bool) bool {
	const many, fraction = 20, 2
	return usual > 0 && n == 0 && !rare || usual >= many && n < usual/fraction
}
