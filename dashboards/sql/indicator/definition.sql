select concat_ws(' ', coalesce(nullif(definition, ''), title || ', in ' || unit || '.'), 'Source: ' || nullif(rtrim(source, '.'), '') || '.',
                 nullif(owner, '') || ' answers for it.') as definition
from report.indicator
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring}
