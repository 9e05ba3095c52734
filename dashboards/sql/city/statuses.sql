select title, status
from report.standing
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring}
order by title, indicator
