select received_at as time,
       format('%s: %s%s %s. %s (upload %s).', to_char(received_at at time zone 'UTC', 'FMDD Mon YYYY HH24:MI'), regexp_replace(file_name, '^.*/', ''),
              case cardinality(cities) when 0 then '' when 1 then ' of ' || cities[1] else format(' of %s cities', cardinality(cities)) end,
              case state when 'applied' then 'was taken in' when 'rejected' then 'was refused' when 'reverted' then 'was taken back' else 'was looked at, not confirmed' end,
              concat_ws(', ', to_char(rows, 'FM999,999,999,990') || case rows when 1 then ' row' else ' rows' end, to_char(nullif(new, 0), 'FM999,999,999,990') || ' new',
                nullif(changed, 0) || ' changed', nullif(unchanged, 0) || ' unchanged', nullif(withdrawn, 0) || ' withdrawn',
                nullif(skipped, 0) || ' without a value', nullif(rejected, 0) || ' with errors'), upload_id) as says,
       case state when 'rejected' then 'error' when 'applied' then 'info' else 'warning' end as level
from report.file
where (city_ids && array(select city_id from report.city where city in (${city:sqlstring})) or city_ids = '{}') and $__timeFilter(received_at)
order by received_at desc
limit 200
