select coalesce(ended_at, $__timeTo()::timestamptz) as time,
       format('%s/%s %s %s It is pulled %s.', city, source,
              case when outcome = 'failed' then 'fails: ' || coalesce(nullif(message, ''), reason) || '.' when up then 'is well.' else 'was not pulled yet.' end,
              case
                when succeeded_at is not null then format('It last went well %s, with %s.', to_char(succeeded_at at time zone 'UTC', 'FMDD Mon YYYY HH24:MI'),
                                                          case records when 1 then '1 record' else records || ' records' end)
                when outcome is not null then 'It never went well.'
              end,
              case schedule when '' then 'by hand' when 'after-due' then 'each day once a value is due' else 'by the schedule ' || schedule end) as says,
       case when outcome = 'failed' then 'error' when up then 'info' else 'warning' end as level
from report.source
where city in (${city:sqlstring})
order by time desc, city, source
