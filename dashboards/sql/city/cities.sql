select name || case when count(*) over (partition by name) > 1 then ' (' || city || ')' else '' end as __text,
       city as __value
from report.city
order by name, city
