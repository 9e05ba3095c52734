-- Sources of one city that are due at once are claimed one after the other, by
-- one server where there are several: it takes them in together.

-- +goose Up
drop index citygauge.source_state_due;
alter table citygauge.source_state drop column lot;
alter table citygauge.source_state add column lot int not null generated always as (hashint4(city_id)) stored;
create index source_state_due on citygauge.source_state (due_at, lot);
-- A row changes with each claim: there is room for that beside it.
alter table citygauge.source_state set (fillfactor = 50);

-- +goose Down
alter table citygauge.source_state reset (fillfactor);
drop index citygauge.source_state_due;
alter table citygauge.source_state drop column lot;
alter table citygauge.source_state add column lot int not null generated always as (hashint8(source_id)) stored;
create index source_state_due on citygauge.source_state (due_at, lot);
