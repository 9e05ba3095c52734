select city_name, city, count(*) as targets, count(*) filter (where good) as on_track, latitude, longitude,
       count(*) filter (where good)::double precision / count(*) as share
from report.comparison
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring}) and latitude is not null and longitude is not null
group by city_id, city_name, city, latitude, longitude
order by city_name, city
