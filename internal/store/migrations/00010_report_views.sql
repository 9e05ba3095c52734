-- What the dashboards of faculty, aides and operators read, and the XmR limits
-- behind every signal.

-- +goose Up

-- Of the newest day alone, as the forecast is.
alter table citygauge.assessment
  add column signal_centre   double precision,
  add column signal_lower    double precision,
  add column signal_upper    double precision,
  add column signal_seasonal boolean,
  add column signal_rule     text;
alter table citygauge.assessment_revision
  add column signal_centre   double precision,
  add column signal_lower    double precision,
  add column signal_upper    double precision,
  add column signal_seasonal boolean,
  add column signal_rule     text;

-- A city's login sees the uploads of its city: what became of them, but neither
-- the files nor who else there is.
create policy own_cities on citygauge.upload for select to public
  using (city_ids <> '{}' and city_ids <@ (select citygauge.visible_cities()));
create policy every_city on citygauge.upload for select to {{faculty}} using (true);

create or replace view report.city with (security_invoker) as
  select city_id, slug as city, name, country, population, timezone, latitude, longitude,
         case
           when population < 100000 then 'under 100,000'
           when population < 250000 then '100,000 to 250,000'
           when population < 500000 then '250,000 to 500,000'
           when population < 1000000 then '500,000 to 1 million'
           else '1 million and more'
         end as population_band
  from citygauge.city;

create or replace view report.indicator with (security_invoker) as
  select city_id, indicator_id, city.slug as city, indicator.slug as indicator, title, definition, unit, problem, lens,
         kind, decimals, frequency, direction, measure, plausible_min, plausible_max, due_days, owner, source,
         judge_provisional, breaks
  from citygauge.indicator
  join citygauge.city using (city_id);

create or replace view report.standing with (security_invoker) as
  select t.city_id, t.indicator_id, t.cohort_id, city.slug as city, indicator.slug as indicator, cohort.slug as cohort,
         city.name as city_name, indicator.title, indicator.unit, indicator.problem, indicator.lens, indicator.decimals,
         indicator.direction, indicator.measure, indicator.frequency,
         cohort.starts as cohort_starts, cohort.ends as cohort_ends, t.starts, t.ends, t.range_low, t.range_high,
         a.day, a.as_of, a.value, t.baseline, t.target, a.expected, a.progress, a.expected_progress,
         a.pace, a.pace_lower, a.pace_upper, a.noise, coalesce(a.status, 'no-data') as status, coalesce(a.at_target, false) as at_target,
         a.freshness, a.due, a.observed, a.periods, a.need, a.need_periods, a.need_best, coalesce(a.need_sentence, '') as need_sentence,
         a.signal, a.projected, a.projected_lower, a.projected_upper, a.target_probability, a.status_at_start, a.assessed_at,
         a.signal_centre, a.signal_lower, a.signal_upper, a.signal_seasonal, a.signal_rule
  from citygauge.target t
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id)
  left join lateral (
    select * from citygauge.assessment
    where city_id = t.city_id and indicator_id = t.indicator_id and cohort_id = t.cohort_id
    order by day desc
    limit 1
  ) a on true;

-- Every target beside what cities are compared by.
create view report.comparison with (security_invoker) as
  select s.city_id, s.indicator_id, s.cohort_id, s.city, s.indicator, s.cohort, s.city_name, s.title, s.unit,
         coalesce(nullif(s.problem, ''), 'other') as problem, s.lens, country, population, population_band, latitude, longitude,
         s.status, words as status_words, place as status_place, good, s.pace, s.pace_lower, s.pace_upper, s.progress, s.expected_progress,
         s.target_probability, s.as_of, s.freshness, s.due, s.need_sentence
  from report.standing s
  join report.city using (city_id)
  join report.status using (status);

-- The milestones of the targets in force.
create view report.milestone with (security_invoker) as
  select city_id, indicator_id, cohort_id, city.slug as city, indicator.slug as indicator, cohort.slug as cohort,
         (m ->> 'on')::date as day, (m ->> 'value')::double precision as value
  from citygauge.target
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id)
  cross join lateral jsonb_array_elements(milestones) m;

-- From where the data ends to the end of the year.
create view report.forecast with (security_invoker) as
  select s.city_id, s.indicator_id, s.cohort_id, s.city, s.indicator, s.cohort, fan.day, fan.projected, fan.lower, fan.upper
  from report.standing s
  cross join lateral (
    values (s.as_of, s.value, s.value, s.value), (s.ends, s.projected, s.projected_lower, s.projected_upper)
  ) as fan (day, projected, lower, upper)
  where s.projected is not null and s.value is not null and s.as_of < s.ends;

-- How each target stood at the end of each month of its year, and stands now.
create view report.status_month with (security_invoker) as
  select t.city_id, t.indicator_id, t.cohort_id, city.city, indicator.slug as indicator, cohort.slug as cohort,
         city.name as city_name, title, coalesce(nullif(problem, ''), 'other') as problem, country, population_band, month, status, place
  from citygauge.target t
  join citygauge.indicator using (city_id, indicator_id)
  join report.city using (city_id)
  join citygauge.cohort using (cohort_id)
  cross join lateral (
    select date_trunc('month', day)::date as month, (array_agg(status order by day desc))[1] as status
    from citygauge.assessment a
    where a.city_id = t.city_id and a.indicator_id = t.indicator_id and a.cohort_id = t.cohort_id
    group by date_trunc('month', day)
  ) a
  join report.status using (status);

-- The part of the way from baseline (0) to target (1) that was done when.
create view report.progress_curve with (security_invoker) as
  select city_id, indicator_id, cohort_id, city.city, indicator.slug as indicator, cohort.slug as cohort,
         city.name as city_name, title, coalesce(nullif(problem, ''), 'other') as problem, country, population_band, day, progress, expected_progress
  from citygauge.assessment
  join citygauge.target using (city_id, indicator_id, cohort_id)
  join citygauge.indicator using (city_id, indicator_id)
  join report.city using (city_id)
  join citygauge.cohort using (cohort_id)
  where day = as_of and progress is not null;

-- The points of the XmR chart that tells a change from chance. Where the season
-- was removed, a point is the difference from one year before.
create view report.control_point with (security_invoker) as
  select s.city_id, s.indicator_id, s.cohort_id, s.city, s.indicator, s.cohort, o.period_start, o.period_end,
         o.value - case when s.signal_seasonal then before.value else 0 end as value,
         s.signal_centre as centre, s.signal_lower as lower, s.signal_upper as upper
  from report.standing s
  join citygauge.indicator i using (city_id, indicator_id)
  join citygauge.observation o using (city_id, indicator_id)
  left join lateral (
    select value from citygauge.observation b
    where s.signal_seasonal and b.city_id = s.city_id and b.indicator_id = s.indicator_id
          and b.period_start = case i.frequency
            when 'weekly' then to_date(extract(isoyear from o.period_start) - 1 || '-' || least(extract(week from o.period_start), 52), 'IYYY-IW')
            else (o.period_start - interval '1 year')::date
          end
          and (b.status = 'final' or i.judge_provisional and b.status in ('provisional', 'estimated'))
  ) before on true
  where (o.status = 'final' or i.judge_provisional and o.status in ('provisional', 'estimated'))
        and o.period_end <= least(s.as_of, s.ends)
        and o.period_end >= coalesce((select max(b) from unnest(i.breaks) b where b <= s.as_of), '-infinity')
        and (before.value is not null or not s.signal_seasonal);

-- Every target's pace with its interval, cut to the scale from -1 to 2, and in
-- pieces that lie end to end on both sides of 0, as stacked bars are drawn.
create view report.pace_bar with (security_invoker) as
  select city_id, indicator_id, cohort_id, city, indicator, cohort, city_name, title, problem, country, population_band, status,
         pace, pace_lower, pace_upper,
         greatest(l, 0) as gap, greatest(m, 0) - greatest(l, 0) as lower_part, greatest(u, 0) - greatest(m, 0) as upper_part,
         least(u, 0) as negative_gap, least(m, 0) - least(u, 0) as negative_upper_part, least(l, 0) - least(m, 0) as negative_lower_part
  from (
    select *, greatest(-1, least(2, pace)) as m,
           greatest(-1, least(1.98, pace_lower, pace - 0.02)) as l, greatest(-0.98, least(2, greatest(pace_upper, pace + 0.02))) as u
    from report.comparison
    where pace is not null
  ) cut;

-- Files that came in, from people and from sources, and what became of them.
create view report.upload with (security_invoker) as
  select upload.upload_id, city.city_id, city.slug as city, received_at, file_name, bytes, state,
         (report -> 'counts' ->> 'rows')::bigint as rows, (report -> 'counts' ->> 'new')::bigint as new,
         (report -> 'counts' ->> 'changed')::bigint as changed, (report -> 'counts' ->> 'unchanged')::bigint as unchanged,
         (report -> 'counts' ->> 'withdrawn')::bigint as withdrawn, (report -> 'counts' ->> 'skipped')::bigint as skipped,
         (report -> 'counts' ->> 'rejected')::bigint as rejected
  from citygauge.upload
  cross join lateral unnest(city_ids) as of_city (city_id)
  join citygauge.city on city.city_id = of_city.city_id;

-- The first thousand problems of each file.
create view report.upload_problem with (security_invoker) as
  select upload.upload_id, city.city_id, city.slug as city, received_at, file_name,
         p ->> 'code' as code, p ->> 'severity' as severity, (p ->> 'line')::int as line,
         concat_ws(' ', p -> 'column' ->> 'letter', p -> 'column' ->> 'header') as column_name,
         p ->> 'value' as value, p ->> 'message' as message, p ->> 'hint' as hint
  from citygauge.upload
  cross join lateral unnest(city_ids) as of_city (city_id)
  join citygauge.city on city.city_id = of_city.city_id
  cross join lateral jsonb_array_elements(case jsonb_typeof(report -> 'problems') when 'array' then report -> 'problems' else '[]' end) p;

grant select on all tables in schema report to {{faculty}}, {{system}};
grant select (upload_id, received_at, file_name, bytes, city_ids, state, report) on citygauge.upload to {{faculty}};
-- The logins that cities have already.
-- +goose StatementBegin
do $$
declare
  login name;
begin
  for login in select distinct role_name from citygauge.city_login join pg_roles on rolname = role_name loop
    execute format('grant select on all tables in schema report to %I', login);
    execute format('grant select (upload_id, received_at, file_name, bytes, city_ids, state, report) on citygauge.upload to %I', login);
  end loop;
end
$$;
-- +goose StatementEnd

comment on view report.comparison is 'Every target in force beside what cities are compared by.';
comment on column report.comparison.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.comparison.indicator_id is 'Internal id of the indicator, unique within its city.';
comment on column report.comparison.cohort_id is 'Internal id of the cohort.';
comment on column report.comparison.city is 'Identifier of the city.';
comment on column report.comparison.indicator is 'Identifier of the indicator, unique within its city.';
comment on column report.comparison.cohort is 'Identifier of the cohort.';
comment on column report.comparison.city_name is 'Name of the city.';
comment on column report.comparison.title is 'Title for people.';
comment on column report.comparison.unit is 'Unit of the values.';
comment on column report.comparison.problem is 'The problem that the indicator belongs to; other where none is declared.';
comment on column report.comparison.lens is 'What it looks at: outcome, cause or consequence.';
comment on column report.comparison.country is 'Country, ISO 3166-1 alpha-2.';
comment on column report.comparison.population is 'Number of people.';
comment on column report.comparison.population_band is 'Band of the population, such as 250,000 to 500,000.';
comment on column report.comparison.latitude is 'Degrees north, if known.';
comment on column report.comparison.longitude is 'Degrees east, if known.';
comment on column report.comparison.status is 'How the target stands: see report.status.';
comment on column report.comparison.status_words is 'The status as it is said to people.';
comment on column report.comparison.status_place is 'Place of the status from the best (1) to the worst, as in report.status.';
comment on column report.comparison.good is 'True for good news, false for bad, null for no verdict.';
comment on column report.comparison.pace is 'Progress as a part of the expected progress.';
comment on column report.comparison.pace_lower is 'Lower end of the 80 % interval of the pace.';
comment on column report.comparison.pace_upper is 'Upper end of the 80 % interval of the pace.';
comment on column report.comparison.progress is 'Part of the way from baseline (0) to target (1).';
comment on column report.comparison.expected_progress is 'Part of the way that the trajectory has gone.';
comment on column report.comparison.target_probability is 'Probability that the target is met, from 0 to 1.';
comment on column report.comparison.as_of is 'Last day of the newest observed period, by which it is judged.';
comment on column report.comparison.freshness is 'fresh, late or missing; null where it cannot be told.';
comment on column report.comparison.due is 'When the next value is due.';
comment on column report.comparison.need_sentence is 'What is needed from here, in words; empty where no claim can be made.';

comment on view report.milestone is 'Milestones of the targets in force.';
comment on column report.milestone.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.milestone.indicator_id is 'Internal id of the indicator, unique within its city.';
comment on column report.milestone.cohort_id is 'Internal id of the cohort.';
comment on column report.milestone.city is 'Identifier of the city.';
comment on column report.milestone.indicator is 'Identifier of the indicator, unique within its city.';
comment on column report.milestone.cohort is 'Identifier of the cohort.';
comment on column report.milestone.day is 'The day of the milestone.';
comment on column report.milestone.value is 'What is to be reached by then, in the unit of the measure.';

comment on view report.forecast is 'The fan from where the data ends to the end of the year: two rows for each target that has a forecast.';
comment on column report.forecast.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.forecast.indicator_id is 'Internal id of the indicator, unique within its city.';
comment on column report.forecast.cohort_id is 'Internal id of the cohort.';
comment on column report.forecast.city is 'Identifier of the city.';
comment on column report.forecast.indicator is 'Identifier of the indicator, unique within its city.';
comment on column report.forecast.cohort is 'Identifier of the cohort.';
comment on column report.forecast.day is 'The end of the data, or of the year.';
comment on column report.forecast.projected is 'Forecast of the measure; at the end of the data, the measure itself.';
comment on column report.forecast.lower is 'Lower end of the forecast''s 80 % interval.';
comment on column report.forecast.upper is 'Upper end of the forecast''s 80 % interval.';

comment on view report.status_month is 'How each target stood at the end of each month of its year, and stands now.';
comment on column report.status_month.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.status_month.indicator_id is 'Internal id of the indicator, unique within its city.';
comment on column report.status_month.cohort_id is 'Internal id of the cohort.';
comment on column report.status_month.city is 'Identifier of the city.';
comment on column report.status_month.indicator is 'Identifier of the indicator, unique within its city.';
comment on column report.status_month.cohort is 'Identifier of the cohort.';
comment on column report.status_month.city_name is 'Name of the city.';
comment on column report.status_month.title is 'Title for people.';
comment on column report.status_month.problem is 'The problem that the indicator belongs to; other where none is declared.';
comment on column report.status_month.country is 'Country, ISO 3166-1 alpha-2.';
comment on column report.status_month.population_band is 'Band of the population, such as 250,000 to 500,000.';
comment on column report.status_month.month is 'First day of the month.';
comment on column report.status_month.status is 'How the target stands: see report.status.';
comment on column report.status_month.place is 'Place of the status from the best (1) to the worst, as in report.status.';

comment on view report.progress_curve is 'The part of the way from baseline (0) to target (1) that was done, at the end of each period that was observed.';
comment on column report.progress_curve.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.progress_curve.indicator_id is 'Internal id of the indicator, unique within its city.';
comment on column report.progress_curve.cohort_id is 'Internal id of the cohort.';
comment on column report.progress_curve.city is 'Identifier of the city.';
comment on column report.progress_curve.indicator is 'Identifier of the indicator, unique within its city.';
comment on column report.progress_curve.cohort is 'Identifier of the cohort.';
comment on column report.progress_curve.city_name is 'Name of the city.';
comment on column report.progress_curve.title is 'Title for people.';
comment on column report.progress_curve.problem is 'The problem that the indicator belongs to; other where none is declared.';
comment on column report.progress_curve.country is 'Country, ISO 3166-1 alpha-2.';
comment on column report.progress_curve.population_band is 'Band of the population, such as 250,000 to 500,000.';
comment on column report.progress_curve.day is 'Last day of the period.';
comment on column report.progress_curve.progress is 'Part of the way from baseline (0) to target (1).';
comment on column report.progress_curve.expected_progress is 'Part of the way that the trajectory has gone.';

comment on view report.control_point is 'Points of the XmR chart that tells a change from chance, with its limits.';
comment on column report.control_point.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.control_point.indicator_id is 'Internal id of the indicator, unique within its city.';
comment on column report.control_point.cohort_id is 'Internal id of the cohort.';
comment on column report.control_point.city is 'Identifier of the city.';
comment on column report.control_point.indicator is 'Identifier of the indicator, unique within its city.';
comment on column report.control_point.cohort is 'Identifier of the cohort.';
comment on column report.control_point.period_start is 'First day of the period.';
comment on column report.control_point.period_end is 'Last day of the period.';
comment on column report.control_point.value is 'Value, in the indicator''s unit; its difference from one year before where the season was removed.';
comment on column report.control_point.centre is 'Mean of the points that the limits come from.';
comment on column report.control_point.lower is 'Lower limit: the centre less 2.66 mean moving ranges.';
comment on column report.control_point.upper is 'Upper limit: the centre and 2.66 mean moving ranges.';

comment on view report.pace_bar is 'Every target''s pace with its 80 % interval on the scale from -1 to 2, in pieces that lie end to end: first the gap from 0, then the interval up to the pace, then the rest of it.';
comment on column report.pace_bar.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.pace_bar.indicator_id is 'Internal id of the indicator, unique within its city.';
comment on column report.pace_bar.cohort_id is 'Internal id of the cohort.';
comment on column report.pace_bar.city is 'Identifier of the city.';
comment on column report.pace_bar.indicator is 'Identifier of the indicator, unique within its city.';
comment on column report.pace_bar.cohort is 'Identifier of the cohort.';
comment on column report.pace_bar.city_name is 'Name of the city.';
comment on column report.pace_bar.title is 'Title for people.';
comment on column report.pace_bar.problem is 'The problem that the indicator belongs to; other where none is declared.';
comment on column report.pace_bar.country is 'Country, ISO 3166-1 alpha-2.';
comment on column report.pace_bar.population_band is 'Band of the population, such as 250,000 to 500,000.';
comment on column report.pace_bar.status is 'How the target stands: see report.status.';
comment on column report.pace_bar.pace is 'Pace, uncut.';
comment on column report.pace_bar.pace_lower is 'Lower end of its 80 % interval, uncut.';
comment on column report.pace_bar.pace_upper is 'Upper end of its 80 % interval, uncut.';
comment on column report.pace_bar.gap is 'From 0 to where the interval begins, above 0.';
comment on column report.pace_bar.lower_part is 'From there to the pace, above 0.';
comment on column report.pace_bar.upper_part is 'From the pace to where the interval ends, above 0.';
comment on column report.pace_bar.negative_gap is 'From 0 to where the interval ends, below 0; not positive.';
comment on column report.pace_bar.negative_upper_part is 'From there down to the pace, below 0; not positive.';
comment on column report.pace_bar.negative_lower_part is 'From the pace down to where the interval begins, below 0; not positive.';

comment on view report.upload is 'Files that came in, from people and from sources, and what became of them; a file that speaks of several cities has a row for each.';
comment on column report.upload.upload_id is 'Number of the upload.';
comment on column report.upload.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.upload.city is 'Identifier of the city.';
comment on column report.upload.received_at is 'When the file came in.';
comment on column report.upload.file_name is 'Name of the file.';
comment on column report.upload.bytes is 'Size of the file.';
comment on column report.upload.state is 'previewed, applied, rejected or reverted.';
comment on column report.upload.rows is 'Rows that are not blank.';
comment on column report.upload.new is 'Observations that were new.';
comment on column report.upload.changed is 'Observations that were changed.';
comment on column report.upload.unchanged is 'Rows that say what stood already.';
comment on column report.upload.withdrawn is 'Observations that were withdrawn.';
comment on column report.upload.skipped is 'Rows without a value.';
comment on column report.upload.rejected is 'Rows with an error.';

comment on view report.upload_problem is 'The first thousand problems of each file.';
comment on column report.upload_problem.upload_id is 'Number of the upload.';
comment on column report.upload_problem.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.upload_problem.city is 'Identifier of the city.';
comment on column report.upload_problem.received_at is 'When the file came in.';
comment on column report.upload_problem.file_name is 'Name of the file.';
comment on column report.upload_problem.code is 'What kind of problem it is.';
comment on column report.upload_problem.severity is 'error or warning.';
comment on column report.upload_problem.line is 'Line of the file; null for the file as a whole.';
comment on column report.upload_problem.column_name is 'Letter and header of the column; empty for the line as a whole.';
comment on column report.upload_problem.value is 'What the cell has.';
comment on column report.upload_problem.message is 'What is wrong.';
comment on column report.upload_problem.hint is 'What to do.';

comment on column report.city.population_band is 'Band of the population, such as 250,000 to 500,000.';
comment on column report.indicator.judge_provisional is 'Whether provisional and estimated values are judged.';
comment on column report.indicator.breaks is 'Dates on which the definition changed.';
comment on column report.standing.signal_centre is 'Centre of the XmR chart, in the unit of a value; of the newest day alone.';
comment on column report.standing.signal_lower is 'Lower limit of the XmR chart.';
comment on column report.standing.signal_upper is 'Upper limit of the XmR chart.';
comment on column report.standing.signal_seasonal is 'Whether the chart shows differences from one year before.';
comment on column report.standing.signal_rule is 'What the newest point breaks, in words; null where it breaks none.';

-- +goose Down
-- Going down ends at an empty database: the views of before are not made again.
drop policy own_cities on citygauge.upload;
drop policy every_city on citygauge.upload;
alter table citygauge.assessment drop column signal_centre cascade, drop column signal_lower cascade, drop column signal_upper cascade,
  drop column signal_seasonal cascade, drop column signal_rule;
alter table citygauge.assessment_revision drop column signal_centre, drop column signal_lower, drop column signal_upper,
  drop column signal_seasonal, drop column signal_rule;
drop schema report cascade;
create schema report authorization {{owner}};
