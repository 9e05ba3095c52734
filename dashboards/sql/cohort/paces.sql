select b.city_name || ': ' || b.title as label, gap, lower_part, upper_part, negative_gap, negative_upper_part, negative_lower_part
from report.pace_bar b
where cohort = ${cohort:sqlstring} and problem = ${problem:sqlstring} and country in (${country:sqlstring}) and population_band in (${band:sqlstring})
order by b.pace desc, label
