-- What is declared: cities, cohorts, indicators, targets and interventions.
-- {{owner}}, {{app}}, {{system}} and {{faculty}} are the installation's roles.

-- +goose Up

create table citygauge.installation (
  single boolean primary key default true check (single),
  prefix text not null
);
insert into citygauge.installation (prefix) values ('{{prefix}}');

-- Ids are never used again: what is kept of a city that is gone must not be
-- seen by another.
create sequence citygauge.cohort_id as int;
create sequence citygauge.city_id as int;

create table citygauge.cohort (
  cohort_id int primary key,
  slug      text not null unique,
  starts    date not null,
  ends      date not null check (ends >= starts)
);

create table citygauge.city (
  city_id    int primary key,
  slug       text not null unique,
  name       text not null,
  country    text not null,
  population bigint not null,
  timezone   text not null,
  latitude   double precision,
  longitude  double precision
);

create table citygauge.city_cohort (
  city_id   int not null,
  cohort_id int not null,
  primary key (city_id, cohort_id)
);

-- A city's row is the lock under which everything of the city is written.
-- generation counts changes of any kind, declared those of its programme;
-- judged_on is the city's date for which its targets were last judged.
create table citygauge.city_state (
  city_id    int primary key,
  generation bigint not null default 0,
  declared   bigint not null default 0,
  judged_on  date
);

create table citygauge.indicator (
  city_id          int not null,
  indicator_id     bigint generated always as identity,
  slug             text not null,
  title            text not null,
  definition       text not null,
  unit             text not null,
  problem          text not null,
  lens             text not null,
  kind             text not null,
  decimals         int not null,
  frequency        text not null,
  direction        text not null,
  measure          text not null,
  plausible_min    double precision,
  plausible_max    double precision,
  due_days         int not null,
  judge_provisional boolean not null,
  breaks           date[] not null,
  owner            text not null,
  source           text not null,
  primary key (city_id, indicator_id),
  unique (city_id, slug)
);

-- Indicators as they were ever declared.
create table citygauge.indicator_revision (
  like citygauge.indicator,
  declared_at timestamptz not null,
  primary key (city_id, indicator_id, declared_at)
);

-- The target in force. What was declared stands beside what it means: baseline
-- and target are null until an automatic baseline is resolved.
create table citygauge.target (
  city_id          int not null,
  indicator_id     bigint not null,
  cohort_id        int not null,
  version          int not null,
  baseline_auto    boolean not null,
  baseline_value   double precision,
  baseline_period  text,
  goal             text,
  target_period    text,
  trajectory       text,
  milestones       jsonb not null,
  range_low        double precision,
  range_high       double precision,
  resolved         boolean not null,
  baseline         double precision,
  target           double precision,
  baseline_end     date,
  starts           date,
  ends             date,
  declared_at      timestamptz not null,
  primary key (city_id, indicator_id, cohort_id)
);

create table citygauge.target_revision (
  like citygauge.target,
  withdrawn boolean not null default false, -- from this version on there is none
  primary key (city_id, indicator_id, cohort_id, version)
);

-- Where the trajectory of the target in force is at the end of each period.
create table citygauge.trajectory (
  city_id      int not null,
  indicator_id bigint not null,
  cohort_id    int not null,
  day          date not null,
  expected     double precision not null,
  primary key (city_id, indicator_id, cohort_id, day)
);

create table citygauge.intervention (
  city_id         int not null,
  intervention_id bigint generated always as identity,
  title           text not null,
  starts          date not null,
  ends            date,
  indicator_ids   bigint[],
  primary key (city_id, intervention_id),
  unique (city_id, title, starts)
);

-- +goose Down
drop table citygauge.intervention, citygauge.trajectory, citygauge.target_revision, citygauge.target,
  citygauge.indicator_revision, citygauge.indicator, citygauge.city_state, citygauge.city_cohort, citygauge.city, citygauge.cohort, citygauge.installation;
drop sequence citygauge.city_id, citygauge.cohort_id;
