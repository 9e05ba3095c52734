select max(received_at) as time,
       format('%s, %s, in %s: %s%s. What to do: %s.', upper(left(code, 1)) || replace(substr(code, 2), '-', ' '),
              case count(*) when 1 then 'once' else count(*) || ' times' end,
              case count(distinct upload_id) when 1 then regexp_replace(min(file_name), '^.*/', '') else count(distinct upload_id) || ' files' end,
              case count(*) when 1 then '' else 'for example ' end,
              (array_agg(message order by message, hint))[1], (array_agg(hint order by message, hint))[1]) as says,
       severity as level
from report.file_problem
where (city_ids && array(select city_id from report.city where city in (${city:sqlstring})) or city_ids = '{}') and $__timeFilter(received_at)
group by code, severity
order by time desc, severity, says
limit 100
