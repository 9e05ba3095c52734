select case
         when as_of is null and freshness = 'fresh' then 'The first is due ' || to_char(due, 'FMDD Mon YYYY')
         when as_of is null then 'None yet: upload the first file'
         when freshness = 'fresh' then 'Through ' || to_char(as_of, 'FMDD Mon YYYY')
         else format('Late: through %s, the next was due %s', to_char(as_of, 'FMDD Mon YYYY'), to_char(due, 'FMDD Mon YYYY'))
       end as data
from report.standing
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator = ${indicator:sqlstring}
