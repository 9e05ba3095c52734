package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/upload"
)

// taking is one file being taken in; it is the store's [upload.Transaction].
type taking struct {
	*Tx
	store    *Store
	declared *declared
	versions map[int32]int64 // of each city's declarations, when they were read
	staged   map[int32]bool  // the cities that the file speaks of
	first    programme.Date  // of all staged periods, the earliest first day
	last     programme.Date  // and the latest
	hasNote  bool            // the file has notes; otherwise those that stand stay
	history  *history        // nil where nothing was observed yet
	scope    []int32         // the cities of the scope; none where that is all
	entry    upload.Entry
	number   int64 // the upload's
	digest   []byte
}

var _ upload.Store = (*Store)(nil)

// Begin opens the taking in of one file, as [upload.Store] says.
func (s *Store) Begin(ctx context.Context, scope upload.Scope) (upload.Transaction, error) {
	cities, err := s.scopeIDs(ctx, scope)
	if err != nil {
		return nil, err
	}
	tx, err := s.begin(ctx, s.scopeSetup(scope, cities))
	if err != nil {
		return nil, err
	}
	t := &taking{Tx: tx, store: s, staged: map[int32]bool{}, scope: cities}
	if err := t.prepare(ctx); err != nil {
		t.Abandon()
		return nil, explained(err)
	}
	return t, nil
}

func (t *taking) prepare(ctx context.Context) error {
	var err error
	// The versions first: a declaration that comes between is noticed later.
	if t.versions, err = t.declaredVersions(ctx); err != nil {
		return err
	}
	// Targets are read under the lock, and interventions are not needed.
	if t.declared, err = t.series(ctx); err != nil {
		return err
	}
	// By itself: Citus takes settings along to the workers, and with one all that
	// stands beside it.
	if _, err := t.ExecContext(ctx, `set local work_mem = '64MB'`); err != nil {
		return err
	}
	// Days are counted from 0001-01-01, which is day 1, as programme.Date does.
	_, err = t.ExecContext(ctx, `
		create temporary table staged (
		  city_id      int not null,
		  indicator_id bigint not null,
		  first        int not null,
		  last         int not null,
		  value        double precision,
		  status       citygauge.observation_status,
		  withdrawn    boolean not null,
		  note         text
		) on commit drop`)
	return err
}

func (t *Tx) declaredVersions(ctx context.Context) (map[int32]int64, error) {
	rows, err := t.QueryContext(ctx, `select city_id, declared from citygauge.city_state`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	versions := map[int32]int64{}
	for rows.Next() {
		var city int32
		var version int64
		if err := rows.Scan(&city, &version); err != nil {
			return nil, err
		}
		versions[city] = version
	}
	return versions, rows.Err()
}

// Programme is what the file may speak of.
func (t *taking) Programme() programme.Programme { return t.declared.Programme }

// cover notes what the file speaks of.
func (t *taking) cover(city int32, first programme.Date) {
	t.staged[city] = true
	if t.first.IsZero() || first < t.first {
		t.first = first
	}
	t.last = max(t.last, first)
}

// Unstage takes staged rows back.
func (t *taking) Unstage(ctx context.Context, keys []intake.Key) error {
	indicators, days := make([]int64, len(keys)), make([]int32, len(keys))
	for n, k := range keys {
		indicators[n], days[n] = t.declared.indicatorIDs[k.Indicator].indicator, int32(k.Period.First())
	}
	_, err := t.ExecContext(ctx, `
		delete from staged
		using unnest($1::bigint[], $2::int[]) as taken_back(indicator_id, first)
		where staged.indicator_id = taken_back.indicator_id and staged.first = taken_back.first`,
		pq.Array(indicators), pq.Array(days))
	return explained(err)
}

// ofPreview is the savepoint to which everything goes back but the record of a
// preview.
const ofPreview = "preview"

// Take makes the staged rows observations, under the lock of their cities.
func (t *taking) Take(ctx context.Context, e upload.Entry) (upload.Taken, error) {
	t.entry = e
	cities := sortedCities(t.staged)
	var err error
	if t.number, err = t.beginUpload(ctx, e, t.recordedCities(cities)); err != nil {
		return upload.Taken{}, explained(err)
	}
	if e.State == upload.Previewed {
		if _, err := t.ExecContext(ctx, `savepoint `+ofPreview); err != nil {
			return upload.Taken{}, explained(err)
		}
	}
	now, err := t.lockCityRows(ctx, cities)
	if err != nil {
		return upload.Taken{}, explained(err)
	}
	if err := t.unchangedSince(ctx, cities); err != nil {
		return upload.Taken{}, err
	}
	if err := t.targetsInForce(ctx); err != nil {
		return upload.Taken{}, explained(err)
	}
	taken := upload.Taken{Upload: t.number}
	touched, err := t.difference(ctx, cities, now, &taken)
	if err != nil {
		return upload.Taken{}, fmt.Errorf("take in the rows: %w", explained(err))
	}
	t.digest = taken.Digest[:]
	if taken.Counts.New+taken.Counts.Changed+taken.Counts.Withdrawn == 0 {
		return taken, nil
	}
	judged, err := t.judge(ctx, t.declared, touched, t.store.today, now)
	if err != nil {
		return upload.Taken{}, fmt.Errorf("judge the targets: %w", explained(err))
	}
	taken.StatusChanges, taken.Problems = judged.changes, judged.problems
	if err := t.judgedOn(ctx, t.declared, touched.citySet(), t.store.today, true); err != nil {
		return upload.Taken{}, explained(err)
	}
	return taken, explained(t.raiseGenerations(ctx, touched.cities(), false))
}

// recordedCities is the cities that the record of an upload belongs to: where
// its rows speak of none, those of who sent it.
func (t *taking) recordedCities(staged []int32) []int32 {
	if len(staged) == 0 {
		return t.scope
	}
	return staged
}

func (t *taking) unchangedSince(ctx context.Context, cities []int32) error {
	versions, err := t.declaredVersions(ctx)
	if err != nil {
		return explained(err)
	}
	for _, c := range cities {
		if versions[c] != t.versions[c] {
			return fmt.Errorf("%w: the programme was applied anew during the import: start it again", upload.ErrConflict)
		}
	}
	return nil
}

// targetsInForce reads the targets of the staged cities: an upload that held
// the lock before may have measured their baselines.
func (t *taking) targetsInForce(ctx context.Context) error {
	var slugs []string
	for n, id := range t.declared.cityIDs {
		if t.staged[id] {
			slugs = append(slugs, t.declared.Cities[n].ID)
		}
	}
	if slugs == nil { // a file without rows
		return nil
	}
	return t.readTargets(ctx, t.declared, pq.Array(slugs))
}

// Commit keeps what was taken, with the file and its report; of a preview the
// file and the report alone.
func (t *taking) Commit(ctx context.Context, report upload.Report) error {
	var digest []byte
	if t.entry.State == upload.Previewed {
		if _, err := t.ExecContext(ctx, `rollback to savepoint `+ofPreview); err != nil {
			return explained(err)
		}
		digest = t.digest
	}
	if err := t.keepUpload(ctx, t.number, t.entry, report, digest); err != nil {
		return explained(err)
	}
	return committed(t.Tx.Commit())
}

// Abandon ends a transaction that was not committed.
func (t *taking) Abandon() { t.abandon() }
