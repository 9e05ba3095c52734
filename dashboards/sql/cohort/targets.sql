select coalesce(label, city_name || ' (' || city || ')') as city_name, city, replace(problem, '-', ' ') as problem, indicator, title, status, status_at_start, pace, pace_lower, pace_upper, progress, expected_progress, target_probability,
       as_of::timestamp as as_of, need_sentence
from report.comparison
left join report.city_label using (city_id, city, cohort_id, cohort)
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
order by comparison.problem, pace desc nulls last, comparison.city_name, title
