with cities as (
  select coalesce(label, city_name || ' (' || city || ')') as city_name, city, count(*) as targets, count(*) filter (where good) as on_track, latitude, longitude,
         case when bool_or(judged) then count(*) filter (where good)::double precision / count(*) end as share, 8 as size
  from report.comparison
  left join report.city_label using (city_id, city, cohort_id, cohort)
  where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring}) and latitude is not null and longitude is not null
  group by city_id, label, city_name, city, latitude, longitude
)
select * from cities
union all
select '', '', 0, 0, latitude, longitude, null, 0 -- unseen, so that the whole world is shown
from (values (70, -150), (-45, 160)) as world (latitude, longitude)
where not exists (select 1 from cities)
order by city_name, city
