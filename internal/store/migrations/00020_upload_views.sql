-- What an upload's report says is read once for the upload, not for each of its
-- cities and columns: the report of a large one is unpacked every time.

-- +goose Up

create or replace view report.upload with (security_invoker) as
  select upload.upload_id, city.city_id, city.slug as city, received_at, file_name, bytes, state,
         rows, new, changed, unchanged, withdrawn, skipped, rejected
  from citygauge.upload
  cross join lateral jsonb_to_record(report -> 'counts') as counts(
    rows bigint, new bigint, changed bigint, unchanged bigint, withdrawn bigint, skipped bigint, rejected bigint)
  cross join lateral unnest(city_ids) as of_city (city_id)
  join citygauge.city on city.city_id = of_city.city_id;

create or replace view report.upload_problem with (security_invoker) as
  select upload.upload_id, city.city_id, city.slug as city, received_at, file_name,
         p ->> 'code' as code, p ->> 'severity' as severity, (p ->> 'line')::int as line,
         concat_ws(' ', p -> 'column' ->> 'letter', p -> 'column' ->> 'header') as column_name,
         p ->> 'value' as value, p ->> 'message' as message, p ->> 'hint' as hint
  from citygauge.upload
  cross join lateral unnest(city_ids) as of_city (city_id)
  join citygauge.city on city.city_id = of_city.city_id
  cross join lateral jsonb_array_elements(case jsonb_typeof(report -> 'problems') when 'array' then report -> 'problems' else '[]' end) p
  -- Of the upload alone, so that it is asked before anything is joined.
  where report -> 'problems' <> '[]';

-- +goose Down
create or replace view report.upload with (security_invoker) as
  select upload.upload_id, city.city_id, city.slug as city, received_at, file_name, bytes, state,
         (report -> 'counts' ->> 'rows')::bigint as rows, (report -> 'counts' ->> 'new')::bigint as new,
         (report -> 'counts' ->> 'changed')::bigint as changed, (report -> 'counts' ->> 'unchanged')::bigint as unchanged,
         (report -> 'counts' ->> 'withdrawn')::bigint as withdrawn, (report -> 'counts' ->> 'skipped')::bigint as skipped,
         (report -> 'counts' ->> 'rejected')::bigint as rejected
  from citygauge.upload
  cross join lateral unnest(city_ids) as of_city (city_id)
  join citygauge.city on city.city_id = of_city.city_id;
create or replace view report.upload_problem with (security_invoker) as
  select upload.upload_id, city.city_id, city.slug as city, received_at, file_name,
         p ->> 'code' as code, p ->> 'severity' as severity, (p ->> 'line')::int as line,
         concat_ws(' ', p -> 'column' ->> 'letter', p -> 'column' ->> 'header') as column_name,
         p ->> 'value' as value, p ->> 'message' as message, p ->> 'hint' as hint
  from citygauge.upload
  cross join lateral unnest(city_ids) as of_city (city_id)
  join citygauge.city on city.city_id = of_city.city_id
  cross join lateral jsonb_array_elements(case jsonb_typeof(report -> 'problems') when 'array' then report -> 'problems' else '[]' end) p;
