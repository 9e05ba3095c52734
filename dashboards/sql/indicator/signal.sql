select case signal
         when 'improvement' then 'A change for the better: '
         when 'concern' then 'A change that gives cause for concern: '
         when 'none' then 'No sign of a change: the ups and downs are the usual ones'
         when 'too-short' then 'Too few values to tell a change from chance: twelve are needed'
         else 'Not judged yet'
       end || coalesce(signal_rule, '') as signal
from report.standing
where city_id = ${city_id:sqlstring} and indicator = ${indicator:sqlstring} and cohort = ${cohort:sqlstring}
