select code, severity, count(*) as times, count(distinct upload_id) as files, min(message) as example, min(hint) as hint, max(received_at) as last_seen
from report.upload_problem
where city in (${city:sqlstring}) and $__timeFilter(received_at)
group by code, severity
order by severity, times desc
limit 100
