-- Spreads an installation over the workers of a Citus cluster. What is spread
-- already is left alone, so that it also takes up tables that a later migration
-- added. {{reference}} and {{distributed}} are lists of tables.

do $$
declare
  t      text;
  forced boolean;
begin
  -- A policy on Citus has no subquery. So the grants are looked up while a query
  -- is planned, and stand in the plan as a list of one: that is what immutable
  -- brings about, and it holds for as long as a session does. The condition is
  -- then as cheap as that of 00003_access.sql, and tried before every other.
  for t in
    select tablename from pg_policies where schemaname = 'citygauge' and policyname = 'own_cities' and qual like '%SELECT%' and tablename <> 'upload'
  loop
    execute format('alter policy own_cities on citygauge.%I using (city_id = any (citygauge.visible_cities()))', t);
  end loop;

  -- The workers have the views of tables that are spread. One has no table.
  execute 'create or replace view report.status as ' || pg_get_viewdef('report.status'::regclass);

  -- Rows are copied into the shards, which Postgres does for nobody whom policies
  -- hold for: for as long as it takes, until nobody sees, for all but the owner.
  foreach t in array array[{{reference}}, {{distributed}}] loop
    forced := (select relforcerowsecurity from pg_class where oid = format('citygauge.%I', t)::regclass);
    continue when exists (select from pg_dist_partition where logicalrelid = format('citygauge.%I', t)::regclass);
    if forced then
      execute format('alter table citygauge.%I no force row level security', t);
    end if;
    if t = any (array[{{reference}}]) then
      perform create_reference_table(format('citygauge.%I', t));
    else -- the first is what the others are placed beside
      perform create_distributed_table(format('citygauge.%I', t), 'city_id',
        colocate_with => case t when 'indicator' then 'none' else 'citygauge.indicator' end);
    end if;
    if forced then
      execute format('alter table citygauge.%I force row level security', t);
    end if;
  end loop;

  -- Workers that are younger than the schemas know not yet who may use them.
  for t in
    select format('grant usage on schema %I to %s', nspname, case grantee when 0 then 'public' else grantee::regrole::text end)
    from pg_namespace, aclexplode(nspacl)
    where nspname in ('citygauge', 'report') and privilege_type = 'USAGE' and grantee <> nspowner
  loop
    execute t;
  end loop;

  -- Last, for the workers have the function with the first table that needs it.
  alter function citygauge.visible_cities() immutable;
  alter function citygauge.visible_cities() set citus.allow_nested_distributed_execution = on;
end
$$
