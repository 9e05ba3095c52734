select changed_at as time, changed_at as timeend,
       replace(replace(case
         when withdrawn then format('%s: the target was withdrawn', title)
         else format('%s: target changed from %s to %s', title, coalesce(as_was, 'none'), coalesce(as_is, 'none'))
       end, '&', '&amp;'), '<', '&lt;') as text -- shown as HTML
from report.target_change
join report.indicator using (city_id, indicator_id, indicator)
cross join (values ('FM999,999,999,999,999,990.999999999')) as f (digits)
cross join lateral (
  select coalesce(
           rtrim(to_char(round(old_target::numeric, decimals + 2), digits), '.'),
           'between ' || rtrim(to_char(old_range_low::numeric, digits), '.') || ' and ' || rtrim(to_char(old_range_high::numeric, digits), '.')) as as_was,
         coalesce(
           rtrim(to_char(round(new_target::numeric, decimals + 2), digits), '.'),
           'between ' || rtrim(to_char(new_range_low::numeric, digits), '.') || ' and ' || rtrim(to_char(new_range_high::numeric, digits), '.')) as as_is
) stated
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator in (${indicator:sqlstring})
      and after_start and (withdrawn or as_was is distinct from as_is) and $__timeFilter(changed_at)
order by changed_at, text
