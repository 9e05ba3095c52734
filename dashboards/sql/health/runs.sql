select ended_at as time,
       format('%s: %s/%s %s%s', to_char(ended_at at time zone 'UTC', 'FMDD Mon YYYY HH24:MI'), city, source,
              case outcome when 'failed' then 'failed' when 'applied' then 'ended well' else 'brought nothing new' end,
              coalesce(': ' || nullif(message, ''), '') || coalesce(' (upload ' || upload_id || ')', '') || '.') as says,
       case outcome when 'failed' then 'error' else 'info' end as level
from report.source_run
where city in (${city:sqlstring}) and $__timeFilter(ended_at)
order by ended_at desc
limit 200
