select city, source, kind, coalesce(nullif(schedule, ''), 'by hand') as schedule, coalesce(outcome, 'not pulled yet') as outcome, succeeded_at,
       case when succeeded_at is not null then records end as records
from report.source
where city in (${city:sqlstring})
order by up, city, source
