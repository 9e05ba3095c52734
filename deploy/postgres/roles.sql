-- Makes the roles and the database of an installation with as few rights as
-- will do. For where whoever runs the Postgres server, and not citygauge, makes
-- them. Run it as a superuser; running it again changes nothing:
--
--   psql -v ON_ERROR_STOP=1 -f roles.sql postgres
--   psql -c '\password citygauge' -c '\password citygauge_migrate' postgres
--
-- With -v prefix=NAME the roles, and with -v database=NAME the database, are
-- called otherwise; then the first citygauge migrate takes --role-prefix NAME.
-- After that:
--
--   citygauge migrate    as citygauge_migrate, before each new version's start
--   citygauge serve      as citygauge, and so every other command
--
-- Neither is a superuser, passes by row-level security, or can make roles. The
-- server's login cannot change a table, nor who may see what. The logins of
-- cities are the one thing that then cannot be made by citygauge: for them,
-- grant createrole to citygauge_migrate.

\set ON_ERROR_STOP on
set client_min_messages to warning;
\if :{?prefix}
\else
  \set prefix citygauge
\endif
\if :{?database}
\else
  \set database citygauge
\endif
\set owner :prefix _owner
\set app :prefix _app
\set system :prefix _system
\set faculty :prefix _faculty
\set migrate :prefix _migrate

-- The roles that the server takes on, one for each kind of work, and the two
-- logins.
select format('create role %I nologin noinherit', role)
from unnest(array[:'owner', :'app', :'system', :'faculty']) as role
where not exists (select from pg_roles where rolname = role) \gexec
select format('create role %I login noinherit', role)
from unnest(array[:'prefix', :'migrate']) as role
where not exists (select from pg_roles where rolname = role) \gexec

grant :"app", :"system" to :"prefix";
grant :"owner", :"app", :"system" to :"migrate";

-- The database is for these alone.
select format('create database %I owner %I template template0', :'database', :'migrate')
where not exists (select from pg_database where datname = :'database') \gexec
revoke connect, temporary on database :"database" from public;
grant connect on database :"database" to :"prefix", :"faculty";
grant temporary on database :"database" to :"app", :"system";
revoke connect, temporary on database postgres, template1 from public;

-- Anybody may make large objects, until a superuser says otherwise.
\connect :"database"
revoke execute on function lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea) from public;
