select city_name, city, indicator, title, owner, max(as_of)::timestamp as as_of, min(due)::timestamp as due, max(day) - min(due) as days_late
from report.standing
join report.indicator using (city_id, indicator_id, city, indicator, title)
where city in (${city:sqlstring}) and freshness <> 'fresh' and status not in ('met', 'missed')
group by city_name, city, indicator, title, owner
order by min(due), city_name, title
