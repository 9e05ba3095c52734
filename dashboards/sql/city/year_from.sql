select coalesce((extract(epoch from min(starts)) * 1000)::bigint::text, 'now/y') as __text,
       coalesce((extract(epoch from min(starts)) * 1000)::bigint::text, 'now/y') as __value
from report.cohort
where cohort = ${cohort:sqlstring}
