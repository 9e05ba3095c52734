-- How each source of a city stands, for its pages and dashboards.

-- +goose Up

-- Until now the state was the system's alone.
alter table citygauge.source_state enable row level security;
alter table citygauge.source_state force row level security;
create policy own_cities on citygauge.source_state for select to public
  using (city_id = any (array[(select (citygauge.visible_cities())[1])]));
create policy named_cities on citygauge.source_state for select to {{app}}
  using (city_id = any(nullif(current_setting('citygauge.cities', true), '')::int[]));
create policy all_cities on citygauge.source_state for all to {{system}}, {{owner}} using (true) with check (true);
create policy every_city on citygauge.source_state for select to {{faculty}} using (true);

grant select (city_id, source_id, up, succeeded_at, runs_applied, runs_unchanged, runs_failed) on citygauge.source_state to {{app}};

create view report.source with (security_invoker) as
  select source.city_id, city.slug as city, source.slug as source, source.kind, source.schedule, q.up, q.succeeded_at, q.records,
         r.ended_at, r.outcome, r.reason, r.message
  from citygauge.source
  join citygauge.city using (city_id)
  join citygauge.source_state q using (city_id, source_id)
  left join lateral (
    select ended_at, outcome, reason, message
    from citygauge.source_run
    where city_id = source.city_id and source_id = source.source_id
    order by run_id desc
    limit 1
  ) r on true;

comment on view report.source is 'Sources that observations are pulled from, and how each stands.';
comment on column report.source.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.source.city is 'Identifier of the city.';
comment on column report.source.source is 'Identifier of the source, unique in its city.';
comment on column report.source.kind is 'How the source publishes, such as csv or socrata.';
comment on column report.source.schedule is 'When it is pulled: a cron expression in the city''s time, after-due, or nothing where it is pulled by hand.';
comment on column report.source.up is 'Whether the newest run went well; null before the first.';
comment on column report.source.succeeded_at is 'When a run last went well; null where none did.';
comment on column report.source.records is 'Records that the source gave then.';
comment on column report.source.ended_at is 'When the newest run ended; null before the first, and so are those that follow.';
comment on column report.source.outcome is 'How it ended: applied, unchanged or failed.';
comment on column report.source.reason is 'Why it failed, in a word; empty otherwise.';
comment on column report.source.message is 'What became of it, in words.';

grant select on report.source to {{faculty}}, {{system}};
grant select (city_id, source_id, up, succeeded_at, records) on citygauge.source_state to {{faculty}};
-- The logins that cities have already.
-- +goose StatementBegin
do $$
declare
  login name;
begin
  for login in select distinct role_name from citygauge.city_login join pg_roles on rolname = role_name loop
    execute format('grant select on report.source to %I', login);
    execute format('grant select (city_id, source_id, up, succeeded_at, records) on citygauge.source_state to %I', login);
  end loop;
end
$$;
-- +goose StatementEnd

-- +goose Down
drop view report.source;
revoke select (city_id, source_id, up, succeeded_at, runs_applied, runs_unchanged, runs_failed) on citygauge.source_state from {{app}};
revoke select (city_id, source_id, up, succeeded_at, records) on citygauge.source_state from {{faculty}};
drop policy own_cities on citygauge.source_state;
drop policy named_cities on citygauge.source_state;
drop policy all_cities on citygauge.source_state;
drop policy every_city on citygauge.source_state;
alter table citygauge.source_state no force row level security;
alter table citygauge.source_state disable row level security;
