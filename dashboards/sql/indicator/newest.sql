select format('%s %s %s', case o.status when 'suppressed' then 'withheld for privacy' else to_char(o.value::numeric, digits) end, unit,
              'through ' || to_char(period_end, 'FMDD Mon YYYY') || case o.status when 'final' then '' when 'suppressed' then '' else ', ' || o.status end) as newest
from report.indicator i
cross join lateral (
  select 'FM999,999,999,999,999,990' || case when decimals > 0 then '.' || repeat('0', decimals) else '' end as digits
) f
cross join lateral (
  select * from report.observation o
  where o.city_id = i.city_id and o.indicator_id = i.indicator_id
  order by period_start desc
  limit 1
) o
where i.city_id = ${city_id:sqlstring} and i.indicator = ${indicator:sqlstring}
