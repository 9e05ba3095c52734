select problem as name, count(distinct city_id) as cities, count(*) as targets, count(*) filter (where good) as on_track,
       count(*) filter (where not good) as behind, percentile_cont(0.5) within group (order by pace) as pace,
       percentile_cont(0.5) within group (order by progress) as progress
from report.comparison
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
group by problem
order by 1
