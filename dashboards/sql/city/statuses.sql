select status, title || case when count(*) over (partition by title) > 1 then ' (' || indicator || ')' else '' end as title, indicator
from report.standing
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring}
order by problem, array_position(array['outcome', 'cause', 'consequence'], lens), report.standing.title, indicator
