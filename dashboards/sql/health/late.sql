select min(due)::timestamp as time,
       format('%s: %s. %s late: due %s, %s.%s', case when min(city) over same_name = max(city) over same_name then city_name else city_name || ' (' || city || ')' end,
              title || case when min(indicator) over same_title = max(indicator) over same_title then '' else ' (' || indicator || ')' end,
              case max(day) - min(due) when 1 then '1 day' else (max(day) - min(due)) || ' days' end,
              to_char(min(due), 'FMDD Mon YYYY'), coalesce('data through ' || to_char(max(as_of), 'FMDD Mon YYYY'), 'no data yet'),
              ' ' || nullif(owner, '') || ' answers for it.') as says,
       case when bool_or(freshness = 'missing') then 'error' else 'warning' end as level
from report.standing
join report.indicator using (city_id, indicator_id, city, indicator, title)
where city in (${city:sqlstring}) and freshness <> 'fresh' and status not in ('met', 'missed')
group by city_name, city, indicator, title, owner
window same_name as (partition by city_name), same_title as (partition by city, title)
order by min(due) desc, city_name, title
