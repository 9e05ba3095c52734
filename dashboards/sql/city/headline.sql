select case
         when count(*) = 0 then 'No targets yet: declare them'
         when bool_and(status = 'no-data' and freshness = 'fresh') then 'First data due ' || to_char(min(due), 'FMDD Mon YYYY')
         when bool_and(status = 'no-data') then 'No observations yet: upload the first file'
         else format('%s of %s %s %s',
                     count(*) filter (where good), count(*), case when count(*) = 1 then 'target' else 'targets' end,
                     case count(*) filter (where status in ('met', 'missed'))
                       when 0 then 'on track'
                       when count(*) then 'met'
                       else 'on track or met'
                     end)
       end as headline
from report.standing
join report.status using (status)
where city_id = ${city_id:sqlstring} and cohort = ${cohort:sqlstring}
