select ended_at, city, source, outcome, reason, message, records, upload_id
from report.source_run
where city in (${city:sqlstring}) and $__timeFilter(ended_at)
order by ended_at desc
limit 200
