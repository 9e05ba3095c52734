select case
         when need_sentence <> '' then upper(left(need_sentence, 1)) || substr(need_sentence, 2)
         when status in ('met', 'missed') then 'Nothing: it ended on ' || to_char(ends, 'FMDD Mon YYYY')
         when as_of is null and freshness = 'fresh' then 'Can be said once there is data'
         when as_of is null then 'Upload the first file to see what is needed'
         when value between range_low and range_high then 'Within the target: keep it there'
         when range_low is not null then 'Bring it back within the target'
         when at_target then 'At the target already: keep it there'
         else 'Cannot be said yet'
       end as needed
from report.standing
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring} and indicator = ${indicator:sqlstring}
