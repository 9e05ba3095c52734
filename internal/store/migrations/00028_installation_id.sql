-- What tells this installation from others: a server shows it, and whoever looks
-- after one compares it.

-- +goose Up
alter table citygauge.installation add column id uuid not null default gen_random_uuid();

-- +goose Down
alter table citygauge.installation drop column id;
