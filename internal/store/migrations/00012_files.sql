-- Files as one reads of them, in one row however many cities they are of, and
-- what was wrong with each; and a comparison that is read in the order in which
-- it is made.

-- +goose Up

create index upload_received_at on citygauge.upload (received_at);

-- As before, but said so that the index of cities finds those of one city.
drop policy own_cities on citygauge.upload;
create policy own_cities on citygauge.upload for select to public
  using (city_ids && (select citygauge.visible_cities()) and city_ids <@ (select citygauge.visible_cities()));

create view report.file with (security_invoker) as
  select upload_id, received_at, file_name, bytes, state, city_ids, of_cities.cities,
         (report -> 'counts' ->> 'rows')::bigint as rows, (report -> 'counts' ->> 'new')::bigint as new,
         (report -> 'counts' ->> 'changed')::bigint as changed, (report -> 'counts' ->> 'unchanged')::bigint as unchanged,
         (report -> 'counts' ->> 'withdrawn')::bigint as withdrawn, (report -> 'counts' ->> 'skipped')::bigint as skipped,
         (report -> 'counts' ->> 'rejected')::bigint as rejected
  from citygauge.upload
  cross join lateral (
    select coalesce(array_agg(slug order by slug), '{}') as cities
    from unnest(city_ids) as of_city (city_id)
    join citygauge.city using (city_id)
  ) of_cities;

create view report.file_problem with (security_invoker) as
  select upload_id, received_at, file_name, city_ids,
         p ->> 'code' as code, p ->> 'severity' as severity, (p ->> 'line')::int as line,
         concat_ws(' ', p -> 'column' ->> 'letter', p -> 'column' ->> 'header') as column_name,
         p ->> 'value' as value, p ->> 'message' as message, p ->> 'hint' as hint
  from citygauge.upload
  cross join lateral jsonb_array_elements(case jsonb_typeof(report -> 'problems') when 'array' then report -> 'problems' else '[]' end) p;

-- As before, but for the order: targets, then what belongs to each. Without
-- statistics of what cities are (which would tell of them), the planner takes
-- them for few and looks for targets by their city alone, ten times too many.
create or replace view report.comparison with (security_invoker) as
  select t.city_id, t.indicator_id, t.cohort_id, city.slug as city, i.slug as indicator, cohort.slug as cohort, city.name as city_name, i.title, i.unit,
         coalesce(nullif(i.problem, ''), 'other') as problem, i.lens, country, population,
         case
           when population < 100000 then 'under 100,000'
           when population < 250000 then '100,000 to 250,000'
           when population < 500000 then '250,000 to 500,000'
           when population < 1000000 then '500,000 to 1 million'
           else '1 million and more'
         end as population_band, latitude, longitude,
         s.status, s.words as status_words, s.place as status_place, s.good, a.pace, a.pace_lower, a.pace_upper, a.progress, a.expected_progress,
         a.target_probability, a.as_of, a.freshness, a.due, coalesce(a.need_sentence, '') as need_sentence
  from citygauge.target t
  cross join lateral (
    select * from citygauge.indicator
    where city_id = t.city_id and indicator_id = t.indicator_id
    offset 0
  ) i
  join citygauge.city on city.city_id = t.city_id
  join citygauge.cohort using (cohort_id)
  left join lateral (
    select * from citygauge.assessment
    where city_id = t.city_id and indicator_id = t.indicator_id and cohort_id = t.cohort_id
    order by day desc
    limit 1
  ) a on true
  left join lateral (select * from report.status where status = coalesce(a.status, 'no-data') limit 1) s on true;

grant select on report.file, report.file_problem to {{faculty}}, {{system}};
-- The logins that cities have already.
-- +goose StatementBegin
do $$
declare
  login name;
begin
  for login in select distinct role_name from citygauge.city_login join pg_roles on rolname = role_name loop
    execute format('grant select on report.file, report.file_problem to %I', login);
  end loop;
end
$$;
-- +goose StatementEnd

comment on view report.file is 'Files that came in, from people and from sources, and what became of them.';
comment on column report.file.upload_id is 'Number of the upload.';
comment on column report.file.received_at is 'When it came.';
comment on column report.file.file_name is 'Name of the file.';
comment on column report.file.bytes is 'Size of the file.';
comment on column report.file.state is 'previewed, applied, rejected or reverted.';
comment on column report.file.city_ids is 'Internal ids of the cities that it concerns; empty where it was refused before that could be told.';
comment on column report.file.cities is 'Identifiers of these cities.';
comment on column report.file.rows is 'Rows with data.';
comment on column report.file.new is 'Observations that were not there before.';
comment on column report.file.changed is 'Observations that it changed.';
comment on column report.file.unchanged is 'Observations that were there already.';
comment on column report.file.withdrawn is 'Observations that it withdrew.';
comment on column report.file.skipped is 'Rows without a value.';
comment on column report.file.rejected is 'Rows with errors.';

comment on view report.file_problem is 'What was wrong with files: the first thousand problems of each.';
comment on column report.file_problem.upload_id is 'Number of the upload.';
comment on column report.file_problem.received_at is 'When the file came.';
comment on column report.file_problem.file_name is 'Name of the file.';
comment on column report.file_problem.city_ids is 'Internal ids of the cities that the file concerns; empty where it was refused before that could be told.';
comment on column report.file_problem.code is 'The kind of problem, such as bad-period.';
comment on column report.file_problem.severity is 'error or warning.';
comment on column report.file_problem.line is 'Line of the file, as an editor counts; null where it concerns the whole file.';
comment on column report.file_problem.column_name is 'Letter and header of the column.';
comment on column report.file_problem.value is 'What stands there.';
comment on column report.file_problem.message is 'What is wrong.';
comment on column report.file_problem.hint is 'What to do.';

-- +goose Down
drop view report.file, report.file_problem;
drop policy own_cities on citygauge.upload;
create policy own_cities on citygauge.upload for select to public
  using (city_ids <> '{}' and city_ids <@ (select citygauge.visible_cities()));
drop index citygauge.upload_received_at;
