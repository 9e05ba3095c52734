select (extract(epoch from coalesce(min(ends + 1), current_date)) * 1000)::bigint::text as __text,
       (extract(epoch from coalesce(min(ends + 1), current_date)) * 1000)::bigint::text as __value
from report.cohort
where cohort = ${cohort:sqlstring}
