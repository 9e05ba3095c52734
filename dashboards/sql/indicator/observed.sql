select time, metric, value
from (
  select period_end::timestamp as time, 'As it stands' as metric, value
  from report.observation
  where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring}
  union all
  select period_end, 'Not final', value
  from report.observation
  where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring} and status in ('provisional', 'estimated')
  union all
  select period_end, 'As first delivered', value
  from report.observation_revision
  where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring} and revision = 1
) series
where value is not null
order by time, metric
