-- Charts and changes as the pages tell them.

-- +goose Up

-- After the end of the year nothing is foreseen, though its last values be missing.
create or replace view report.forecast with (security_invoker) as
  select s.city_id, s.indicator_id, s.cohort_id, s.city, s.indicator, s.cohort, fan.day, fan.projected, fan.lower, fan.upper
  from report.standing s
  cross join lateral (
    values (s.as_of, s.value, s.value, s.value), (s.ends, s.projected, s.projected_lower, s.projected_upper)
  ) as fan (day, projected, lower, upper)
  where s.projected is not null and s.value is not null and s.as_of < s.ends and s.day <= s.ends;

-- The chart has what was measured by the definition of its newest value alone,
-- also of the values a year before; and that may be older than the year.
create or replace view report.control_point with (security_invoker) as
  select s.city_id, s.indicator_id, s.cohort_id, s.city, s.indicator, s.cohort, o.period_start, o.period_end,
         o.value - case when s.signal_seasonal then before.value else 0 end as value,
         s.signal_centre as centre, s.signal_lower as lower, s.signal_upper as upper
  from report.standing s
  join citygauge.indicator i using (city_id, indicator_id)
  left join lateral (
    select period_end from citygauge.observation n
    where n.city_id = s.city_id and n.indicator_id = s.indicator_id and n.period_end <= least(s.day, s.ends)
          and (n.status = 'final' or i.judge_provisional and n.status in ('provisional', 'estimated'))
    order by period_start desc
    limit 1
  ) newest on true
  cross join lateral (
    select coalesce(max(b), '-infinity') as day from unnest(i.breaks) b where b <= newest.period_end
  ) break
  join citygauge.observation o on o.city_id = s.city_id and o.indicator_id = s.indicator_id
  left join lateral (
    select value from citygauge.observation b
    where s.signal_seasonal and b.city_id = s.city_id and b.indicator_id = s.indicator_id
          and b.period_start = case i.frequency
            when 'weekly' then to_date(extract(isoyear from o.period_start) - 1 || '-' || least(extract(week from o.period_start), 52), 'IYYY-IW')
            else (o.period_start - interval '1 year')::date
          end
          and b.period_end >= break.day
          and (b.status = 'final' or i.judge_provisional and b.status in ('provisional', 'estimated'))
  ) before on true
  where (o.status = 'final' or i.judge_provisional and o.status in ('provisional', 'estimated'))
        and o.period_end between break.day and newest.period_end
        and (before.value is not null or not s.signal_seasonal);

-- A cohort starts by the clock of each city.
create or replace view report.target_change with (security_invoker) as
  select city_id, indicator_id, cohort_id, city.slug as city, indicator.slug as indicator, cohort.slug as cohort, version,
         r.declared_at as changed_at, (r.declared_at at time zone coalesce(nullif(timezone, ''), 'UTC'))::date >= cohort.starts as after_start, withdrawn, old_baseline, baseline as new_baseline,
         old_target, r.target as new_target, old_range_low, range_low as new_range_low, old_range_high, range_high as new_range_high,
         old_trajectory, r.trajectory as new_trajectory, old_milestones, milestones as new_milestones, old_ends, r.ends as new_ends
  from (
    select *, lag(version) over w as old_version, lag(baseline) over w as old_baseline, lag(target) over w as old_target,
           lag(range_low) over w as old_range_low, lag(range_high) over w as old_range_high, lag(trajectory) over w as old_trajectory,
           lag(milestones) over w as old_milestones, lag(starts) over w as old_starts, lag(ends) over w as old_ends
    from citygauge.target_revision
    where resolved or withdrawn
    window w as (partition by city_id, indicator_id, cohort_id order by version)
  ) r
  join citygauge.indicator using (city_id, indicator_id)
  join citygauge.city using (city_id)
  join citygauge.cohort using (cohort_id)
  where old_version is not null
        and (withdrawn
             or (baseline, r.target, range_low, range_high, r.trajectory, milestones, r.starts, r.ends)
                is distinct from (old_baseline, old_target, old_range_low, old_range_high, old_trajectory, old_milestones, old_starts, old_ends));

-- +goose Down
-- The views stay: their columns are those of before.
