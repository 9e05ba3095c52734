select coalesce(label, city_name || ' (' || city || ')') as name, city, format('%s of %s', count(*) filter (where good), count(*)) as on_track,
       percentile_cont(0.5) within group (order by pace) filter (where judged) as pace
from report.comparison
left join report.city_label using (city_id, city, cohort_id, cohort)
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
group by city_id, city, city_name, label
order by pace desc nulls last, name
