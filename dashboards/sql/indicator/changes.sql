select r.recorded_at as time,
       format('%s: for the period from %s, %s%s%s.%s', to_char(r.recorded_at at time zone 'UTC', 'FMDD Mon YYYY HH24:MI'),
              to_char(r.period_start, 'FMDD Mon YYYY'),
              case
                when r.status is null then coalesce(rtrim(to_char(old.value::numeric, digits), '.'), 'what was withheld') || ' was withdrawn'
                else format('%s instead of %s', coalesce(rtrim(to_char(r.value::numeric, digits), '.'), 'a value withheld'),
                            coalesce(rtrim(to_char(old.value::numeric, digits), '.'), case when old.status is null then 'none' else 'a value withheld' end))
              end,
              case when r.status in ('provisional', 'estimated') then ', ' || r.status end,
              format(' (revision %s, upload %s)', r.revision, r.upload_id),
              ' ' || nullif(r.note, '') || '.') as says,
       case when r.status is null then 'warning' else 'info' end as level
from report.observation_revision r
left join report.observation_revision old
  on old.city_id = r.city_id and old.indicator_id = r.indicator_id and old.period_start = r.period_start and old.revision = r.revision - 1
cross join (values ('FM999,999,999,999,999,990.999999999')) as f (digits)
where r.city_id = ${city_id:sqlstring} and r.indicator = ${indicator:sqlstring} and r.revision > 1
order by r.recorded_at desc, r.period_start desc, r.revision desc
limit 200
