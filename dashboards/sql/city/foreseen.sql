select case
         when status in ('met', 'missed') or day > ends then 'It ended on ' || to_char(ends, 'FMDD Mon YYYY')
         when target_probability is null then 'Too few values for a forecast'
         else format('%s on %s (%s to %s); the target is met with a probability of %s',
                     to_char(projected::numeric, digits), to_char(ends, 'FMDD Mon YYYY'), to_char(projected_lower::numeric, digits), to_char(projected_upper::numeric, digits),
                     case
                       when target_probability > 0.99 then 'over 99 %'
                       when target_probability < 0.01 then 'under 1 %'
                       else round(100 * target_probability::numeric) || ' %'
                     end)
       end as foreseen
from report.standing
cross join lateral (
  select 'FM999,999,999,999,999,990' || case when decimals > 0 then '.' || repeat('0', decimals) else '' end as digits
) f
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator = ${indicator:sqlstring}
