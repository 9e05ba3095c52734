select status
from report.standing
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator = ${indicator:sqlstring}
