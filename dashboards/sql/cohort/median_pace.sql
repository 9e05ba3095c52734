select percentile_cont(0.5) within group (order by pace) filter (where judged) as pace
from report.comparison
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
having count(pace) filter (where judged) > 0
