select case
         when today < starts then format('Starts in %s %s', starts - today, case starts - today when 1 then 'day' else 'days' end)
         when today > ends then 'Ended ' || to_char(ends, 'FMDD Mon YYYY')
         when today = ends then 'Last day'
         else format('%s %s left', ends - today, case ends - today when 1 then 'day' else 'days' end)
       end as time_left
from report.city_cohort
join report.city using (city_id)
cross join lateral (select (now() at time zone coalesce(nullif(timezone, ''), 'UTC'))::date as today) clock
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring}
