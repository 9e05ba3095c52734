select fact, facts.value
from report.indicator i
cross join lateral (
  values
    (2, 'Unit', unit),
    (5, 'How often', frequency),
    (6, 'Better is', case direction when 'increase' then 'more' when 'decrease' then 'less' else 'to stay in range' end),
    (7, 'Compared with the target', case measure
          when 'latest' then 'the newest value'
          when 'rolling' then 'the sum of the last 12 months'
          when 'rolling-mean' then 'the average of the last 12 months'
          when 'mean' then 'the average of the year so far'
          when 'total' then 'the year at the rate so far'
        end),
    (8, 'Looks at', case lens
          when 'outcome' then coalesce(nullif(replace(problem, '-', ' '), '') || ', the problem itself', 'the outcome')
          else 'a ' || lens || coalesce(' of ' || nullif(replace(problem, '-', ' '), ''), '')
        end)
) as facts (place, fact, value)
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring} and facts.value <> ''
order by place
