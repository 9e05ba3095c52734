select population_band as name, format('%s of %s', count(*) filter (where good), count(*)) as on_track,
       percentile_cont(0.5) within group (order by pace) filter (where judged) as pace
from report.comparison
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
group by population_band
order by min(population)
