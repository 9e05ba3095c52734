-- What was observed, where it came from, and what was made of it.

-- +goose Up

create type citygauge.observation_status as enum ('final', 'provisional', 'estimated', 'suppressed');

create table citygauge.upload (
  upload_id   bigint generated always as identity primary key,
  received_at timestamptz not null,
  account     text not null,
  file_name   text not null,
  sha256      bytea not null,
  bytes       bigint not null,
  city_ids    int[] not null,
  state       text not null check (state in ('previewed', 'applied', 'rejected', 'reverted')),
  report      jsonb not null
);

create index upload_sha256 on citygauge.upload (sha256);

-- Files as received, byte for byte, in parts; the same file is kept once.
create table citygauge.upload_file (
  sha256  bytea not null,
  part    int not null,
  content bytea not null,
  primary key (sha256, part)
);
alter table citygauge.upload_file alter column content set storage external;

-- The present: the newest revision of every observation that stands.
create table citygauge.observation (
  city_id      int not null,
  indicator_id bigint not null,
  period_start date not null,
  period_end   date not null,
  revision     int not null,
  status       citygauge.observation_status not null,
  value        double precision,
  note         text,
  primary key (city_id, indicator_id, period_start),
  check ((value is null) = (status = 'suppressed'))
);

-- The history: every value that ever stood, never changed. A revision without
-- a status withdrew the observation.
create table citygauge.observation_revision (
  city_id      int not null,
  indicator_id bigint not null,
  period_start date not null,
  period_end   date not null,
  revision     int not null,
  status       citygauge.observation_status,
  value        double precision,
  upload_id    bigint not null,
  recorded_at  timestamptz not null,
  note         text,
  primary key (city_id, indicator_id, period_start, revision)
);
create index observation_revision_withdrawn on citygauge.observation_revision (city_id) where status is null;

-- The judgement of every target in force for each period end of its year, and
-- for the day on which it was last judged.
create table citygauge.assessment (
  city_id           int not null,
  indicator_id      bigint not null,
  cohort_id         int not null,
  day               date not null,
  target_version    int not null,
  as_of             date,
  value             double precision,
  baseline          double precision,
  target            double precision,
  expected          double precision,
  progress          double precision,
  expected_progress double precision,
  pace              double precision,
  pace_lower        double precision,
  pace_upper        double precision,
  noise             double precision,
  status            text not null,
  at_target         boolean not null,
  freshness         text,
  due               date,
  observed          int not null,
  periods           int not null,
  need_form         text,
  need              double precision,
  need_periods      int not null,
  need_best         double precision,
  limit_passed      boolean not null,
  need_sentence     text not null,
  signal            text not null,
  projected         double precision, -- the forecast, of the newest day alone
  projected_lower   double precision,
  projected_upper   double precision,
  target_probability double precision,
  status_at_start   text, -- against the target in force when the cohort started, where it was changed since; of the newest day alone
  formulas          int not null, -- the version of what was judged by
  assessed_at       timestamptz not null,
  primary key (city_id, indicator_id, cohort_id, day)
);

-- What was shown, and since when.
create table citygauge.assessment_revision (
  like citygauge.assessment,
  primary key (city_id, indicator_id, cohort_id, day, assessed_at)
);

-- +goose Down
drop table citygauge.assessment_revision, citygauge.assessment, citygauge.observation_revision,
  citygauge.observation, citygauge.upload_file, citygauge.upload;
drop type citygauge.observation_status;
