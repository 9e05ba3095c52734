package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// taking is files being taken in; it is the store's [upload.Transaction].
type taking struct {
	*Tx
	store    *Store
	declared *declared
	versions map[int32]version // of each city, before anything of it was read
	scope    []int32           // the cities of the scope; none where that is all
	files    []*taken
	from     map[seriesID]*taken // where there are several
	staged   map[int32]bool      // the cities that the files speak of
	first    programme.Date      // of all staged periods, the earliest first day
	last     programme.Date      // and the latest
	table    bool                // the rows are in a temporary table
	hasNote  bool                // and have notes; otherwise those that stand stay
	asked    bool                // whether anything was observed yet
	history  *history            // nil where nothing was
	aside    *aside              // rows that change nothing; nil where there are none
	changes  *changes            // that a preview finds; nil where it is an import
}

// taken is one of the files.
type taken struct {
	rows   []intake.Row // while they are not in the table
	count  int64        // of the rows
	cities map[int32]bool
	beyond []int32 // further cities that it may speak of; nil where that may be any
	entry  upload.Entry
	number int64 // the upload's
	upload.Taken
}

var _ upload.Store = (*Store)(nil)

// Begin opens the taking in of one file, as [upload.Store] says.
func (s *Store) Begin(ctx context.Context, scope upload.Scope) (upload.Transaction, error) {
	tx, cities, err := s.beginFor(ctx, scope)
	if err != nil {
		return nil, err
	}
	t := &taking{Tx: tx, store: s, staged: map[int32]bool{}, from: map[seriesID]*taken{}, scope: cities}
	if err := t.prepare(ctx); err != nil {
		t.Abandon()
		return nil, explained(err)
	}
	return t, nil
}

func (t *taking) prepare(ctx context.Context) error {
	var err error
	// The versions first: a declaration that comes between is noticed later.
	if t.versions, err = t.cityVersions(ctx); err != nil {
		return err
	}
	// Targets are read under the lock, and interventions are not needed.
	t.declared, err = t.series(ctx)
	return err
}

func (t *Tx) cityVersions(ctx context.Context) (map[int32]version, error) {
	rows, err := t.QueryContext(ctx, `select city_id, declared, generation from citygauge.city_state`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	versions := map[int32]version{}
	for rows.Next() {
		var city int32
		var v version
		if err := rows.Scan(&city, &v.declared, &v.generation); err != nil {
			return nil, err
		}
		versions[city] = v
	}
	return versions, rows.Err()
}

// Programme is what the file may speak of.
func (t *taking) Programme() programme.Programme { return t.declared.Programme }

// ofPreview is the savepoint to which a preview goes back before it is kept: its
// locks end there, and nothing stays of it but its record.
const ofPreview = "preview"

// Take makes the staged rows observations, under the lock of their cities. Of a
// preview it does all but write: what would be rolled back would still be
// written, and be in the way of others until it is vacuumed.
func (t *taking) Take(ctx context.Context, entries ...upload.Entry) ([]upload.Taken, error) {
	var begun []beginning
	for n, f := range t.files {
		f.entry = entries[n]
		begun = append(begun, t.beginning(f))
	}
	numbers, err := t.beginUploads(ctx, begun)
	if err != nil {
		return nil, explained(err)
	}
	for n, f := range t.files {
		f.number, f.Upload = numbers[n], numbers[n]
	}
	if t.files[0].entry.State == upload.Previewed {
		if t.changes, err = newChanges(); err != nil {
			return nil, err
		}
		if _, err := t.ExecContext(ctx, `savepoint `+ofPreview); err != nil {
			return nil, explained(err)
		}
	}
	cities := sortedCities(t.staged)
	now, versions, err := t.lockCityRows(ctx, cities)
	if err != nil {
		return nil, explained(err)
	}
	moved := false
	for _, c := range cities {
		if versions[c].declared != t.versions[c].declared {
			return nil, fmt.Errorf("%w: the programme was applied anew during the import: start it again", upload.ErrConflict)
		}
		moved = moved || versions[c] != t.versions[c]
	}
	if moved {
		if err := t.takeUp(ctx); err != nil {
			return nil, explained(err)
		}
	}
	if err := t.apply(ctx, cities, now); err != nil {
		return nil, err
	}
	all := make([]upload.Taken, len(t.files))
	for n, f := range t.files {
		all[n] = f.Taken
	}
	return all, nil
}

// apply does what the staged rows change, under the lock, or tells it alone.
func (t *taking) apply(ctx context.Context, cities []int32, now time.Time) error {
	touched, err := t.difference(ctx, cities, now)
	if err != nil {
		return fmt.Errorf("take in the rows: %w", explained(err))
	}
	if len(touched) == 0 {
		return nil
	}
	if err := t.targetsInForce(ctx, touched); err != nil {
		return explained(err)
	}
	today := standingStill(t.store.today)
	j := &judging{Tx: t.Tx, d: t.declared, today: today, now: now, most: upload.Listed * len(t.files), changes: t.changes}
	judged, err := j.judge(ctx, touched)
	if err != nil {
		return fmt.Errorf("judge the targets: %w", explained(err))
	}
	for _, c := range judged.changes {
		f := t.fileOf(t.declared.series(c.City, c.Indicator))
		if len(f.StatusChanges) < upload.Listed {
			f.StatusChanges = append(f.StatusChanges, c)
		}
	}
	for _, p := range judged.problems {
		f := t.fileOf(p.series)
		f.Problems = append(f.Problems, p.Problem)
	}
	if t.changes != nil {
		return nil
	}
	if err := t.judgedOn(ctx, t.declared, touched.citySet(), today, true); err != nil {
		return explained(err)
	}
	return explained(t.raiseGenerations(ctx, touched.cities(), false))
}

// beginning is what is recorded of a file before it is taken in: its cities are
// those that its rows speak of; where these are none, those of who sent it.
func (t *taking) beginning(f *taken) beginning {
	for _, place := range f.entry.Cities {
		f.cities[t.declared.cityIDs[place]] = true
	}
	b := beginning{f.entry, sortedCities(f.cities), f.beyond}
	if len(b.cities) == 0 {
		b.cities = t.scope
	}
	switch {
	case f.entry.Beyond && len(t.scope) == 0:
		b.beyond = nil
	case f.entry.Beyond:
		b.beyond = t.scope
	}
	return b
}

// targetsInForce reads the targets of the cities that something changed in: an
// upload that held the lock before may have measured their baselines.
func (t *taking) targetsInForce(ctx context.Context, changed touched) error {
	return t.readTargets(ctx, t.declared, pq.Array(changed.cities()))
}

// Commit keeps what was taken, with the files and their reports; of a preview
// the file and the report alone.
func (t *taking) Commit(ctx context.Context, reports ...upload.Report) error {
	keep := make([]kept, len(t.files))
	for n, f := range t.files {
		keep[n] = kept{number: f.number, entry: f.entry, report: reports[n]}
		if f.entry.State == upload.Previewed {
			if _, err := t.ExecContext(ctx, `rollback to savepoint `+ofPreview); err != nil {
				return explained(err)
			}
			keep[n].digest = f.Digest[:]
		}
	}
	if err := t.keepUploads(ctx, keep); err != nil {
		return explained(err)
	}
	t.close()
	return committed(t.Tx.Commit())
}

// Abandon ends a transaction that was not committed.
func (t *taking) Abandon() {
	t.close()
	t.abandon()
}

func (t *taking) close() {
	t.aside.close()
	t.changes.close()
}
