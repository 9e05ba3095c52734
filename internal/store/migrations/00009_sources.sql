-- Where cities publish, and what became of pulling from there.

-- +goose Up

-- A source as it is declared, but for its key. Secrets are references.
create table citygauge.source (
  city_id   int not null,
  source_id bigint generated always as identity,
  slug      text not null,
  declared  jsonb not null,
  kind      text not null generated always as (declared ->> 'kind') stored,
  schedule  text not null generated always as (coalesce(declared ->> 'schedule', '')) stored,
  primary key (city_id, source_id),
  unique (city_id, slug)
);

-- The queue that servers take work from, and what each source was like when it
-- was last pulled. A server that is at work renews its lease; when it is dead,
-- the lease runs out and another takes over. claim tells one taking from the
-- next, so that a server that was only slow cannot end another's run.
create table citygauge.source_state (
  city_id         int not null,
  source_id       bigint not null,
  due_at          timestamptz, -- null: by hand alone
  claim           bigint not null default 0,
  claimed_by      text,
  leased_until    timestamptz,
  failures        int not null default 0, -- since the last success
  up              boolean, -- null before the first run
  succeeded_at    timestamptz,
  records         bigint not null default 0, -- of the last success
  digest          bytea, -- of what the last success delivered
  memory          jsonb not null default '{}', -- what to compare with next time, such as validators
  runs_applied    bigint not null default 0,
  runs_unchanged  bigint not null default 0,
  runs_failed     bigint not null default 0,
  -- Sources of one city wait for each other when they take data in: those that
  -- are due at once are shuffled.
  lot             int not null generated always as (hashint8(source_id)) stored,
  primary key (city_id, source_id)
);
create index source_state_due on citygauge.source_state (due_at, lot);

create table citygauge.source_run (
  city_id    int not null,
  run_id     bigint generated always as identity,
  source_id  bigint not null,
  server     text not null,
  started_at timestamptz not null,
  ended_at   timestamptz not null,
  outcome    text not null check (outcome in ('applied', 'unchanged', 'failed')),
  reason     text not null, -- a word for a failure; empty otherwise
  message    text not null,
  records    bigint not null,
  upload_id  bigint, -- null where nothing new was delivered
  primary key (city_id, run_id)
);
create index source_run_newest on citygauge.source_run (city_id, source_id, run_id desc);

-- +goose StatementBegin
do $$
declare
  t text;
begin
  foreach t in array array['source', 'source_run'] loop
    execute format('alter table citygauge.%I enable row level security', t);
    execute format('alter table citygauge.%I force row level security', t);
    execute format('create policy own_cities on citygauge.%I for select to public using (city_id = any (array[(select (citygauge.visible_cities())[1])]))', t);
    execute format('create policy named_cities on citygauge.%I for all to {{app}} using (city_id = any(nullif(current_setting(''citygauge.cities'', true), '''')::int[])) with check (city_id = any(nullif(current_setting(''citygauge.cities'', true), '''')::int[]))', t);
    execute format('create policy all_cities on citygauge.%I for all to {{system}}, {{owner}} using (true) with check (true)', t);
    execute format('create policy every_city on citygauge.%I for select to {{faculty}} using (true)', t);
  end loop;
end
$$;
-- +goose StatementEnd

-- Pages show runs to those whose city it is; everything else is the system's.
grant select on citygauge.source, citygauge.source_run to {{app}};
grant select, insert, update, delete on citygauge.source, citygauge.source_state to {{system}};
grant select, insert, delete on citygauge.source_run to {{system}};

-- A city sees what became of its sources, but neither how they are declared nor
-- which server pulled them.
create view report.source_run with (security_invoker) as
  select r.city_id, r.run_id, city.slug as city, source.slug as source, source.kind, source.schedule,
         r.started_at, r.ended_at, r.outcome, r.reason, r.message, r.records, r.upload_id
  from citygauge.source_run r
  join citygauge.source using (city_id, source_id)
  join citygauge.city using (city_id);

comment on view report.source_run is 'Pulls of sources, and what became of them.';
comment on column report.source_run.city_id is 'Internal id of the city; the constant to filter by.';
comment on column report.source_run.run_id is 'Number of the run; later ones are larger.';
comment on column report.source_run.city is 'Identifier of the city.';
comment on column report.source_run.source is 'Identifier of the source, unique in its city.';
comment on column report.source_run.kind is 'How the source publishes, such as csv or socrata.';
comment on column report.source_run.schedule is 'When it is pulled: a cron expression in the city''s time, after-due, or nothing where it is pulled by hand.';
comment on column report.source_run.started_at is 'When the run began.';
comment on column report.source_run.ended_at is 'When it ended.';
comment on column report.source_run.outcome is 'applied, unchanged or failed.';
comment on column report.source_run.reason is 'Why it failed, in a word; empty otherwise.';
comment on column report.source_run.message is 'What became of it, in words.';
comment on column report.source_run.records is 'Records that the source gave.';
comment on column report.source_run.upload_id is 'Number of the upload that it made; null where it made none.';

grant select on report.source_run to {{faculty}}, {{system}};
grant select (city_id, source_id, slug, kind, schedule) on citygauge.source to {{faculty}};
grant select (city_id, run_id, source_id, started_at, ended_at, outcome, reason, message, records, upload_id) on citygauge.source_run to {{faculty}};
-- The logins that cities have already.
-- +goose StatementBegin
do $$
declare
  login name;
begin
  for login in select distinct role_name from citygauge.city_login join pg_roles on rolname = role_name loop
    execute format('grant select on report.source_run to %I', login);
    execute format('grant select (city_id, source_id, slug, kind, schedule) on citygauge.source to %I', login);
    execute format('grant select (city_id, run_id, source_id, started_at, ended_at, outcome, reason, message, records, upload_id) on citygauge.source_run to %I', login);
  end loop;
end
$$;
-- +goose StatementEnd

-- +goose Down
drop view report.source_run;
drop table citygauge.source_run, citygauge.source_state, citygauge.source;
