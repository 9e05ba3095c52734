select starts::timestamp as time, coalesce(ends, starts)::timestamp as timeend,
       replace(replace(title || coalesce(' (' || concerned || ')', ''), '&', '&amp;'), '<', '&lt;') as text -- shown as HTML
from report.intervention
cross join lateral (
  select string_agg(title, ', ' order by title) as concerned
  from report.indicator
  where city_id = ${city_id:sqlstring} and indicator_id = any(indicator_ids)
) indicators
where city_id = ${city_id:sqlstring} and starts <= $__timeTo() and coalesce(ends, starts) >= $__timeFrom()
order by starts
