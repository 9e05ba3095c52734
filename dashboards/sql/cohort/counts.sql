select words, count(c.status)::double precision as targets, place
from report.status s
left join (
  select status
  from report.comparison
  where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
) c using (status)
group by words, place
order by place
