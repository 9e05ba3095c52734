select E'No city has coordinates:\ndeclare latitude and longitude' as says, 20::double precision as latitude, 0::double precision as longitude
where not exists (
  select 1 from report.comparison
  where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring}) and latitude is not null and longitude is not null
)
