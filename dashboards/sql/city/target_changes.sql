with stated as (
  select city_id, indicator_id, cohort_id, title, version, declared_at,
         coalesce(trim_scale(round(target::numeric, decimals + 2))::text, range_low || ' to ' || range_high) as stated
  from report.target_revision
  join report.indicator using (city_id, indicator_id)
  where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring}
), followed as (
  select *, lag(stated) over (partition by indicator_id order by version) as before
  from stated
)
select declared_at as time, declared_at as timeend, format('%s: target changed from %s to %s', title, before, stated) as text
from followed
join report.cohort using (cohort_id)
join report.city using (city_id)
where before <> stated and (declared_at at time zone coalesce(nullif(timezone, ''), 'UTC'))::date >= starts and $__timeFilter(declared_at)
order by declared_at
