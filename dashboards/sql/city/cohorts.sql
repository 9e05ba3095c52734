select cohort as __text, cohort as __value
from report.city_cohort
where city_id = ${city_id:sqlstring}
order by starts > current_date, starts desc, cohort
