select count(*) filter (where target_probability >= 0.5)::double precision / count(target_probability) as likely
from report.comparison
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
having count(target_probability) > 0
