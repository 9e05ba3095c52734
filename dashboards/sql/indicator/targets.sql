select declared_at as time,
       format('%s, version %s, since %s: %s by %s.', cohort, version, to_char(declared_at at time zone 'UTC', 'FMDD Mon YYYY'),
              case
                when range_low is not null then format('from %s to %s', trim_scale(range_low::numeric), trim_scale(range_high::numeric))
                when target is null then 'waiting for the baseline'
                else format('from %s to %s %s', trim_scale(round(baseline::numeric, decimals + 2)),
                            case direction when 'decrease' then 'at most' else 'at least' end, trim_scale(round(target::numeric, decimals + 2)))
              end, to_char(ends, 'FMDD Mon YYYY')) as says,
       'info' as level
from report.target_revision
join report.indicator using (city_id, indicator_id, indicator)
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring}
order by declared_at desc, cohort desc, version desc
