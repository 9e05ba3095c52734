select declared_at as time,
       format('%s, version %s, since %s: %s by %s.', cohort, version, to_char(declared_at at time zone 'UTC', 'FMDD Mon YYYY'),
              case
                when range_low is not null then format('from %s to %s', rtrim(to_char(range_low::numeric, digits), '.'), rtrim(to_char(range_high::numeric, digits), '.'))
                when target is null then 'waiting for the baseline'
                else format('from %s to %s %s', rtrim(to_char(round(baseline::numeric, decimals + 2), digits), '.'),
                            case direction when 'decrease' then 'at most' else 'at least' end, rtrim(to_char(round(target::numeric, decimals + 2), digits), '.'))
              end, to_char(ends, 'FMDD Mon YYYY')) as says,
       'info' as level
from report.target_revision
join report.indicator using (city_id, indicator_id, indicator)
cross join (values ('FM999,999,999,999,999,990.999999999')) as f (digits)
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring}
order by declared_at desc, cohort desc, version desc
