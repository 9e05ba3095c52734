-- Who may see and do what. Row-level security holds for everyone, the tables'
-- owner included.

-- +goose Up

-- Which cities a city's own login may see.
create table citygauge.city_login (
  role_name name not null,
  city_id   int not null,
  primary key (role_name, city_id)
);

-- +goose StatementBegin
create function citygauge.visible_cities() returns int[]
  language sql stable security definer set search_path = ''
  as $$ select coalesce(array_agg(city_id), '{}') from citygauge.city_login where role_name = session_user $$;
-- +goose StatementEnd
comment on function citygauge.visible_cities() is 'Internal ids of the cities that the role that logged in may see.';

-- Conditions of operators that leak nothing are tried in the order of their
-- cost, a policy's among them: what is cheaper than the policy is tried on the
-- rows of other cities, too, and the time that EXPLAIN ANALYZE shows then tells
-- whether there is such a row. So the policy of a city's login is the cheapest:
-- the grants are read once a query, and compared with as a list of one. A login
-- has one city.
-- +goose StatementBegin
do $$
declare
  t text;
begin
  foreach t in array array['city', 'city_cohort', 'city_state', 'indicator', 'indicator_revision', 'target', 'target_revision', 'trajectory',
                           'intervention', 'observation', 'observation_revision', 'assessment', 'assessment_revision'] loop
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

-- An upload is visible where all of its cities are; one that speaks of no city
-- for certain is the system's alone. A file is visible where an upload of it is.
alter table citygauge.upload enable row level security;
alter table citygauge.upload force row level security;
create policy named_cities on citygauge.upload for all to {{app}}
  using (city_ids <> '{}' and city_ids <@ nullif(current_setting('citygauge.cities', true), '')::int[])
  with check (city_ids <> '{}' and city_ids <@ nullif(current_setting('citygauge.cities', true), '')::int[]);
create policy all_cities on citygauge.upload for all to {{system}}, {{owner}} using (true) with check (true);
alter table citygauge.upload_file enable row level security;
alter table citygauge.upload_file force row level security;
create policy named_cities on citygauge.upload_file for all to {{app}}
  using (exists (select from citygauge.upload u where u.sha256 = upload_file.sha256))
  with check (exists (select from citygauge.upload u where u.sha256 = upload_file.sha256));
create policy all_cities on citygauge.upload_file for all to {{system}}, {{owner}} using (true) with check (true);

-- Anybody who may connect may learn the version and the names of the roles.
grant usage on schema citygauge to public;
grant select on citygauge.installation, citygauge.schema_version to public;

-- Both of the server's roles take data in.
grant select on citygauge.cohort, citygauge.city, citygauge.city_cohort, citygauge.indicator, citygauge.indicator_revision, citygauge.target_revision,
  citygauge.trajectory, citygauge.intervention to {{app}}, {{system}};
grant select, update on citygauge.city_state to {{app}}, {{system}};
grant select, insert, update, delete on citygauge.observation, citygauge.assessment, citygauge.trajectory to {{app}}, {{system}};
grant select, insert, update on citygauge.target to {{app}}, {{system}};
grant select, insert on citygauge.observation_revision, citygauge.target_revision, citygauge.assessment_revision,
  citygauge.upload_file to {{app}}, {{system}};
grant select, insert, update on citygauge.upload to {{app}}, {{system}};

-- Declaring the programme and daily work are the system's.
grant insert, update, delete on citygauge.cohort, citygauge.city, citygauge.city_cohort, citygauge.city_state,
  citygauge.indicator, citygauge.intervention to {{system}};
grant insert on citygauge.indicator_revision to {{system}};
grant delete on citygauge.target to {{system}};
grant usage on sequence citygauge.city_id, citygauge.cohort_id to {{system}};
grant select, insert, update on citygauge.job to {{system}};
grant select, insert, delete on citygauge.city_login to {{system}};

-- +goose Down
drop function citygauge.visible_cities() cascade;
drop table citygauge.city_login;
