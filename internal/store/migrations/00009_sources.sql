-- Where cities publish, and what became of pulling from there.

-- +goose Up

-- A source as it is declared, but for its key. Secrets are references.
create table citygauge.source (
  city_id   int not null,
  source_id bigint generated always as identity,
  slug      text not null,
  declared  jsonb not null,
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
    execute format('create policy own_cities on citygauge.%I for select to public using (city_id = any(citygauge.visible_cities()))', t);
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

-- +goose Down
drop table citygauge.source_run, citygauge.source_state, citygauge.source;
