select (extract(epoch from starts) * 1000)::bigint::text as __text, (extract(epoch from starts) * 1000)::bigint::text as __value
from report.cohort
where cohort = ${cohort:sqlstring}
