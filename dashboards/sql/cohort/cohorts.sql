select cohort as __text, cohort as __value
from report.cohort
union all
select 'No cohort yet', ''
where not exists (select 1 from report.cohort)
order by __text desc
