package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/citygauge/citygauge/internal/intake"
	"github.com/citygauge/citygauge/internal/programme"
	"github.com/citygauge/citygauge/internal/progress"
	"github.com/citygauge/citygauge/internal/upload"
)

// Codes of warnings that only judging reveals.
const (
	// BaselineFrozen: observations of an automatic baseline changed after its
	// cohort started.
	BaselineFrozen intake.Code = "baseline-frozen"
	// NoVerdict: a target cannot be resolved with the baseline that was
	// measured.
	NoVerdict intake.Code = "no-verdict"
)

// judgement is what came of judging.
type judgement struct {
	changes  []upload.StatusChange // the first
	problems []foundIn
}

// foundIn is a problem with the indicator whose targets it is about.
type foundIn struct {
	series seriesID
	intake.Problem
}

// judging is the judging of some indicators' targets under way.
type judging struct {
	*Tx
	d     *declared
	today func(programme.City) programme.Date
	now   time.Time
	most  int // changes of statuses to tell of

	changes *changes // as after which a preview judges, which writes nothing; nil where there is none

	rows []judged
	done judgement
}

// judged is one assessment to be kept; the last of a target is that of today.
// since is the day from which on the target's assessments are replaced, newest
// that this is the last of them.
type judged struct {
	id      targetID
	version int
	since   programme.Date
	newest  bool
	need    string
	limits  progress.ChartLimits // of the XmR chart; of the newest day alone
	atStart progress.Status      // against the target in force when the cohort started; empty where that is the same
	progress.Assessment
}

// judgedBatch is how many assessments are gathered before they are written.
const judgedBatch = 20_000

// judge judges the targets of indicators that changed again, from the earliest
// change on, city by city, and keeps what differs from before. Automatic
// baselines that may still move are measured again first. It answers with the
// first changes of statuses.
func (j *judging) judge(ctx context.Context, changed touched) (judgement, error) {
	byCity := map[int32][]int{} // places in d.targets
	for n, target := range j.d.targets {
		if _, ok := changed[target.id.seriesID]; ok {
			byCity[target.id.city] = append(byCity[target.id.city], n)
		}
	}
	for _, city := range slices.Sorted(maps.Keys(byCity)) {
		if err := j.city(ctx, city, byCity[city], changed); err != nil {
			return judgement{}, err
		}
		if len(j.rows) >= judgedBatch {
			if err := j.write(ctx); err != nil {
				return judgement{}, err
			}
		}
	}
	err := j.write(ctx)
	return j.done, err
}

func (j *judging) city(ctx context.Context, id int32, targets []int, changed touched) error {
	city := j.d.Cities[slices.Index(j.d.cityIDs, id)]
	today := j.today(city)
	indicators := make([]int64, len(targets))
	for n, at := range targets {
		indicators[n] = j.d.targets[at].id.indicator
	}
	observed, err := j.seriesOf(ctx, j.d, id, indicators)
	if err != nil {
		return err
	}
	if err := j.changes.change(observed, id, j.d.frequencies[id]); err != nil {
		return err
	}
	var atStart map[targetID]progress.Resolved
	if slices.ContainsFunc(targets, func(n int) bool { return j.d.targets[n].version > 1 }) {
		if atStart, err = j.targetsAtStart(ctx, j.d, id); err != nil {
			return err
		}
	}
	var moved []newTarget
	for _, at := range targets {
		stands := &j.d.targets[at]
		target := j.d.Targets[at]
		indicator := j.d.index.Indicators[programme.IndicatorKey{City: target.City, Indicator: target.Indicator}]
		series := observed[stands.id.indicator]
		since := changed[stands.id.seriesID]
		if again, ok := j.baseline(target, stands, indicator, series, today); ok {
			stands.version, stands.resolved = again.version, again.resolved
			moved = append(moved, again)
			since = 0
		}
		begun := len(j.rows)
		j.target(stands, indicator, series, since, today)
		// There is no row of today where only what is still to come changed.
		if then, ok := atStart[stands.id]; ok && len(j.rows) > begun {
			j.rows[len(j.rows)-1].atStart = progress.Assess(indicator, then, series, today).Status
		}
	}
	if j.changes != nil {
		return nil
	}
	return j.putTargets(ctx, moved, j.now)
}

// baseline measures an automatic baseline again. Once it was measured and its
// cohort has started it is frozen: then a difference is only reported.
func (j *judging) baseline(t programme.Target, stands *standingTarget, i programme.Indicator, series []progress.Observed, today programme.Date) (newTarget, bool) {
	if !t.Baseline.Auto {
		return newTarget{}, false
	}
	cohort := j.d.index.Cohorts[t.Cohort]
	resolved, faults := progress.Resolve(t, i, cohort, series)
	refused := slices.ContainsFunc(faults, func(f programme.Fault) bool { return !f.Warning })
	measured := stands.resolved.Ready() && stands.resolved.Baseline.Known
	switch {
	case sameResolution(resolved, stands.resolved):
		return newTarget{}, false
	case measured && (refused || today >= cohort.Starts):
		j.done.problems = append(j.done.problems, foundIn{stands.id.seriesID, frozenBaseline(t, stands.resolved, resolved, faults)})
		return newTarget{}, false
	}
	if !resolved.Ready() {
		for _, f := range faults {
			if f.Warning && f.Field != "target" { // worth a look, but not why
				continue
			}
			j.done.problems = append(j.done.problems, foundIn{stands.id.seriesID, intake.Problem{
				Code: NoVerdict, Severity: intake.Warning, Message: "the target " + t.Key().String() + " cannot be judged: " + f.Message, Hint: f.Hint,
			}})
		}
	}
	if refused {
		return newTarget{}, false
	}
	return newTarget{stands.id, stands.version + 1, t, resolved, i.Frequency}, true
}

func (j *judging) target(stands *standingTarget, i programme.Indicator, series []progress.Observed, since, today programme.Date) {
	if since <= stands.resolved.Start {
		since = programme.MinDate // what came before the year moves all of it
	}
	for _, day := range progress.Days(i, stands.resolved, today) {
		if day < since || j.changes != nil && day < today { // a preview tells of statuses that are in force
			continue
		}
		a := progress.Assess(i, stands.resolved, series, day)
		row := judged{id: stands.id, version: stands.version, since: since, newest: day == today, need: a.Need.Sentence(i), Assessment: a}
		if row.newest && j.changes == nil {
			row.Forecast = progress.Predict(i, stands.resolved, series, day)
			row.limits = progress.ChartLimitsOf(i, stands.resolved, series, day)
		}
		j.rows = append(j.rows, row)
	}
}

func frozenBaseline(t programme.Target, stands, moved progress.Resolved, faults []programme.Fault) intake.Problem {
	now := "can no longer be measured from its observations"
	if moved.Baseline.Known {
		now = "would now be " + moved.Baseline.String()
	}
	p := intake.Problem{
		Code: BaselineFrozen, Severity: intake.Warning,
		Message: "the baseline of " + t.Key().String() + " stays " + stands.Baseline.String() + ", though it " + now,
		Hint:    "apply the programme again to measure the baseline anew",
	}
	for _, f := range faults {
		if !f.Warning {
			p.Message += ": " + f.Message
		}
	}
	return p
}
