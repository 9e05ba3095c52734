-- What somebody who knows Postgres well would write instead of using
-- citygauge import: the same tables with the same keys and policies, entered in
-- the same role, the file checked, what differs written, a revision of each
-- change kept, and a record of the upload, all in one transaction.
--
--   FILE=observations.csv psql -v role=citygauge_system -f import.sql URL <observations.csv
--
-- It is written for this one file, which makes it faster: every period is a
-- month, every number has a decimal point, and there is no status and no note.
-- The first error ends it. It does less than we promise: it does not look for
-- unusual values, list what changes, or keep the file's bytes.

\set ON_ERROR_STOP on
\set sha256 `sha256sum "$FILE" | cut -c 1-64`
\set bytes `stat -c %s "$FILE"`

begin;
set local role :role;
-- A million rows stay in memory.
set local work_mem = '256MB';
set local maintenance_work_mem = '256MB';
set local temp_buffers = '128MB';

create temporary table staging (city text, indicator text, period text, value double precision) on commit drop;
\copy staging from pstdin csv header

-- Names become ids, and months days; what has none stays null, and is refused.
-- LIKE and a cast take half the time of a regular expression.
create temporary table incoming on commit drop as
select i.city_id, i.indicator_id, case when s.period like '____-__' then (s.period || '-01')::date end as period_start, s.value,
       abs(s.value) <= 1e15 and (i.plausible_min is null or s.value >= i.plausible_min) and (i.plausible_max is null or s.value <= i.plausible_max)
         and (i.kind <> 'count' or s.value >= 0 and s.value = trunc(s.value)) as possible
from staging s
left join (
  select c.slug as city, i.slug as indicator, i.*
  from citygauge.indicator i
  join citygauge.city c using (city_id)
) i using (city, indicator);
analyze incoming;

do $$
begin
  if exists (
    select from incoming
    where city_id is null or period_start is null or possible is not true or period_start > (current_date + 1 - interval '1 month')::date
  ) then
    raise exception 'a city, an indicator, a period or a value is wrong';
  end if;
end
$$;
-- Refuses two rows with one key, in half the time of grouping them.
create unique index on incoming (city_id, indicator_id, period_start);

-- Nobody else writes these cities from here on; in the order of their ids, so
-- that two imports never wait for each other.
select from citygauge.city_state
where city_id in (select distinct city_id from incoming)
order by city_id
for no key update
\g /dev/null

insert into citygauge.upload (received_at, account, file_name, sha256, bytes, city_ids, state, report)
select clock_timestamp(), session_user, 'observations.csv', decode(:'sha256', 'hex'), :bytes, array(select distinct city_id from incoming), 'applied', '{}'
returning upload_id
\gset

create temporary table difference on commit drop as
select n.city_id, n.indicator_id, n.period_start, (n.period_start + interval '1 month - 1 day')::date as period_end,
       coalesce(o.revision, gone.revision, 0) + 1 as revision, coalesce(nullif(o.status, 'suppressed'), 'final') as status, n.value, o.note,
       o.city_id is null as fresh
from incoming n
left join citygauge.observation o using (city_id, indicator_id, period_start)
left join (
  select city_id, indicator_id, period_start, max(revision) as revision
  from citygauge.observation_revision
  where status is null
  group by city_id, indicator_id, period_start
) gone using (city_id, indicator_id, period_start)
where o.value is distinct from n.value;

insert into citygauge.observation_revision (city_id, indicator_id, period_start, period_end, revision, status, value, upload_id, recorded_at, note)
select city_id, indicator_id, period_start, period_end, revision, status, value, :upload_id, clock_timestamp(), note
from difference;

-- Under the lock nobody else can make the ones that are new: looking for
-- conflicts would take two thirds longer.
insert into citygauge.observation (city_id, indicator_id, period_start, period_end, revision, status, value, note)
select city_id, indicator_id, period_start, period_end, revision, status, value, note
from difference
where fresh;

update citygauge.observation o
set revision = d.revision, status = d.status, value = d.value
from difference d
where not d.fresh and o.city_id = d.city_id and o.indicator_id = d.indicator_id and o.period_start = d.period_start;

update citygauge.city_state set generation = generation + 1
where city_id in (select distinct city_id from difference);

-- What an upload record says: how many rows, and how many of them changed something.
update citygauge.upload set report = jsonb_build_object('rows', (select count(*) from incoming), 'changed', (select count(*) from difference))
where upload_id = :upload_id;
notify citygauge;
commit;
