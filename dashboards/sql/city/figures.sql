select case facts.place
         when 1 then
           case measure
             when 'latest' then 'Now'
             when 'rolling' then 'Last 12 months, sum'
             when 'rolling-mean' then 'Last 12 months, average'
             when 'mean' then 'This year''s average'
             when 'total' then case when s.status in ('met', 'missed') then 'The whole year' else 'Year at this rate' end
           end
         when 2 then 'Target ' || coalesce(to_char(s.ends, 'FMDD Mon YYYY'), '')
         when 4 then 'By the target of the start'
         else
           'Baseline ' || case
             when baseline_period ~ '^\d{4}-\d\d$' then to_char(baseline_end, 'Mon YYYY')
             when baseline_period ~ '[/W]' then coalesce('to ' || to_char(baseline_end, 'FMDD Mon YYYY'), baseline_period)
             else baseline_period
           end
       end as fact,
       case facts.place
         when 1 then coalesce(to_char(s.value::numeric, digits), 'no data yet')
         when 2 then
           case
             when s.range_low is not null then format('%s to %s', rtrim(to_char(s.range_low::numeric, exactly), '.'), rtrim(to_char(s.range_high::numeric, exactly), '.'))
             when target_shown is null and s.baseline is not null then format('%s of %s is not defined', goal, to_char(s.baseline::numeric, digits))
             when target_shown is null then 'waits for the baseline'
             else case direction when 'decrease' then 'at most ' else 'at least ' end || to_char(target_shown::numeric, digits)
           end
         when 4 then words
         else coalesce(to_char(s.baseline::numeric, digits), 'incomplete')
       end as value
from report.standing s
join report.target t using (city_id, indicator_id, cohort_id)
cross join lateral (
  select 'FM999,999,999,999,999,990' || case when decimals > 0 then '.' || repeat('0', decimals) else '' end as digits,
         'FM999,999,999,999,999,990.999999999' as exactly
) f
left join report.status at_start on at_start.status = s.status_at_start
cross join (values (1), (2), (3), (4)) as facts (place)
where city_id = ${city_id:sqlstring} and s.cohort = ${cohort:sqlstring} and s.indicator = ${indicator:sqlstring}
  and not (facts.place = 3 and s.range_low is not null) and not (facts.place = 4 and s.status_at_start is null)
order by facts.place
