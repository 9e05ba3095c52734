select count(*) filter (where status = 'met') as "met",
       count(*) filter (where status = 'on-track') as "on-track",
       count(*) filter (where status = 'too-close') as "too-close",
       count(*) filter (where status = 'slipping') as "slipping",
       count(*) filter (where status = 'off-track') as "off-track",
       count(*) filter (where status = 'moving-away') as "moving-away",
       count(*) filter (where status = 'missed') as "missed",
       count(*) filter (where status = 'early') as "early",
       count(*) filter (where status = 'awaiting') as "awaiting",
       count(*) filter (where status = 'no-data') as "no-data"
from report.comparison
where cohort = ${cohort:sqlstring} and problem in (${problem:sqlstring}) and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
