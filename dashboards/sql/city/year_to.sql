select (extract(epoch from ends + 1) * 1000)::bigint::text as __text, (extract(epoch from ends + 1) * 1000)::bigint::text as __value
from report.cohort
where cohort = ${cohort:sqlstring}
