-- Previews that can be committed, keys by which an upload is sent once, and
-- uploads that revert others.

-- +goose Up

alter table citygauge.upload
  add column reading jsonb not null default '{}', -- how the file is read, beyond its bytes
  add column key     text,   -- the uploader's own name of the upload, so that it is taken in once
  add column token   bytea,  -- the hash of what commits a preview; stays once that was done
  add column digest  bytea,  -- of what a preview changes
  add column reverts bigint; -- the upload that this one reverted

create unique index upload_key on citygauge.upload (account, key) where key is not null;
create unique index upload_token on citygauge.upload (token) where token is not null;
create index upload_reverts on citygauge.upload (reverts) where reverts is not null;
create index upload_previewed on citygauge.upload (received_at) where state = 'previewed';
create index upload_city_ids on citygauge.upload using gin (city_ids);

-- Daily work removes previews that were not committed, and files that no upload
-- has any more. Only who may update a row may lock it: a file is locked by its
-- first part, so that it stays while an upload of it is being recorded.
grant delete on citygauge.upload, citygauge.upload_file to {{system}};
grant update (part) on citygauge.upload_file to {{app}}, {{system}};

-- +goose Down
revoke update (part) on citygauge.upload_file from {{app}}, {{system}};
revoke delete on citygauge.upload, citygauge.upload_file from {{system}};
drop index citygauge.upload_key, citygauge.upload_token, citygauge.upload_reverts, citygauge.upload_previewed, citygauge.upload_city_ids;
alter table citygauge.upload drop column reading, drop column key, drop column token, drop column digest, drop column reverts;
