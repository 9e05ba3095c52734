package store

import (
	"context"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// indicatorColumns are the columns of an indicator that are declared, beyond
// its key.
var indicatorColumns = []string{
	"title", "definition", "unit", "problem", "lens", "kind", "decimals", "frequency", "direction", "measure", "plausible_min",
	"plausible_max", "due_days", "judge_provisional", "breaks", "owner", "source",
}

func (a *applying) writeIndicators(ctx context.Context) error {
	columns := strings.Join(indicatorColumns, ", ")
	return a.each(ctx, `
		with written as (
		  insert into citygauge.indicator as stands (city_id, slug, `+columns+`)
		  select city_id, d.slug, `+of("d", indicatorColumns)+`
		  from jsonb_to_recordset($1::jsonb) as d(city text, slug text, title text, definition text, unit text, problem text, lens text,
		         kind text, decimals int, frequency text, direction text, measure text, plausible_min double precision,
		         plausible_max double precision, due_days int, judge_provisional boolean, breaks date[], owner text, source text)
		  join citygauge.city on city.slug = d.city
		  on conflict (city_id, slug) do update set `+excluded(indicatorColumns)+`
		  where (`+of("stands", indicatorColumns)+`) is distinct from (`+of("excluded", indicatorColumns)+`)
		  returning *
		), history as (
		  insert into citygauge.indicator_revision (city_id, indicator_id, slug, declared_at, `+columns+`)
		  select city_id, indicator_id, slug, $2, `+columns+` from written
		  on conflict do nothing
		)
		select city_id from written`,
		func(yield func(any) bool) {
			for _, i := range a.p.Indicators {
				if !yield(indicatorRecord(i)) {
					return
				}
			}
		}, a.now)
}

func indicatorRecord(i programme.Indicator) record {
	return record{
		"city": i.City, "slug": i.ID, "title": i.Title, "definition": i.Definition, "unit": i.Unit,
		"problem": i.Problem, "lens": i.Lens, "kind": i.Kind, "decimals": i.Decimals, "frequency": i.Frequency,
		"direction": i.Direction, "measure": i.Measure, "plausible_min": i.Plausible.Min, "plausible_max": i.Plausible.Max,
		"due_days": i.DueDays, "judge_provisional": i.JudgeProvisional, "owner": i.Owner, "source": i.Source,
		"breaks": append([]programme.Date{}, i.Breaks...),
	}
}
