select received_at, city, file_name, state, rows, new, changed, unchanged, withdrawn, skipped, rejected, upload_id
from report.upload
where city in (${city:sqlstring}) and $__timeFilter(received_at)
order by received_at desc
limit 200
