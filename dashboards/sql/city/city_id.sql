select coalesce(max(city_id), 0)::text as __text, coalesce(max(city_id), 0)::text as __value
from report.city
where city = ${city:sqlstring}
