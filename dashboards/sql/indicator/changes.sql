select r.recorded_at, r.period_start::timestamp as period, old.value as before, r.value as after, coalesce(r.status, 'withdrawn') as status,
       r.revision, r.upload_id, r.note
from report.observation_revision r
left join report.observation_revision old
  on old.city_id = r.city_id and old.indicator_id = r.indicator_id and old.period_start = r.period_start and old.revision = r.revision - 1
where r.city_id = ${city_id:sqlstring} and r.indicator = ${indicator:sqlstring} and r.revision > 1
order by r.recorded_at desc, r.period_start desc
limit 200
