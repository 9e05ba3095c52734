select case when count(*) over (partition by short) = 1 then short else city_name end as name, city,
       format('%s of %s', count(*) filter (where good), count(*)) as on_track, percentile_cont(0.5) within group (order by pace) filter (where judged) as pace
from report.comparison
cross join lateral split_part(city_name, ', ', 1) as short
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
group by city_id, city_name, city, short
order by pace desc nulls last, city_name, city
