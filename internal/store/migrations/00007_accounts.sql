-- Who may sign in, their sessions and tokens, and the trail of who did what.

-- +goose Up

create table citygauge.account (
  account_id   bigint generated always as identity primary key,
  name         text not null unique,
  title        text not null,
  role         text not null check (role in ('mayor', 'aide', 'faculty', 'admin')),
  password     text, -- argon2id; null where one signs in elsewhere alone
  issuer       text, -- of the OpenID provider, and who they are there
  subject      text,
  disabled     boolean not null default false,
  epoch        bigint not null default 0, -- sessions of an earlier one are over
  created_at   timestamptz not null,
  signed_in_at timestamptz,
  unique (issuer, subject),
  check ((issuer is null) = (subject is null))
);

create table citygauge.account_city (
  account_id bigint not null references citygauge.account,
  city_id    int not null,
  primary key (city_id, account_id)
);
create index account_city_account on citygauge.account_city (account_id);

create table citygauge.token (
  token_id   bigint generated always as identity primary key,
  account_id bigint not null references citygauge.account,
  hash       bytea not null unique, -- SHA-256
  title      text not null,
  read_only  boolean not null,
  city_ids   int[], -- null is all of the account's
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz,
  revoked_at timestamptz
);
create index token_account on citygauge.token (account_id);

create table citygauge.session (
  hash       bytea primary key, -- SHA-256 of the cookie's value
  data       bytea not null,
  expires_at timestamptz not null,
  account_id bigint -- null where nobody has signed in yet
);
create index session_expiry on citygauge.session (expires_at);
create index session_account on citygauge.session (account_id);

-- Names are kept as they were then. An entry that concerns no city is for the
-- whole installation's eyes.
create table citygauge.audit (
  audit_id   bigint generated always as identity primary key,
  at         timestamptz not null,
  account_id bigint,
  account    text not null,
  token_id   bigint,
  address    text not null,
  action     text not null,
  subject    text not null,
  city_ids   int[] not null,
  upload_id  bigint
);
create index audit_at on citygauge.audit (at);

alter table citygauge.audit enable row level security;
alter table citygauge.audit force row level security;
create policy named_cities on citygauge.audit for all to {{app}}
  using (city_ids <> '{}' and city_ids <@ nullif(current_setting('citygauge.cities', true), '')::int[])
  with check (city_ids <> '{}' and city_ids <@ nullif(current_setting('citygauge.cities', true), '')::int[]);
create policy appended on citygauge.audit for insert to {{system}}, {{owner}} with check (true);
create policy read on citygauge.audit for select to {{system}}, {{owner}} using (true);

-- Nobody takes anything out of the trail: not its owner either, unless they
-- first give themselves the right to.
revoke update, delete, truncate on citygauge.audit from {{owner}};
grant select, insert on citygauge.audit to {{app}}, {{system}};

-- Accounts are the installation's, whatever cities somebody acts for.
grant select, insert, update on citygauge.account, citygauge.token to {{system}};
grant select, insert, delete on citygauge.account_city to {{system}};
grant select, insert, update, delete on citygauge.session to {{system}};

-- +goose Down
drop table citygauge.audit, citygauge.session, citygauge.token, citygauge.account_city, citygauge.account;
