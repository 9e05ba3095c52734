-- An upload is listed under the cities that its rows speak of, and seen by who
-- may see these and all others that its file may speak of.

-- +goose Up

alter table citygauge.upload
  add column beyond int[] default '{}'; -- cities that its file may speak of besides; null where that may be any

drop policy named_cities on citygauge.upload;
create policy named_cities on citygauge.upload for all to {{app}}
  using (city_ids <> '{}' and city_ids <@ nullif(current_setting('citygauge.cities', true), '')::int[]
         and beyond <@ nullif(current_setting('citygauge.cities', true), '')::int[])
  with check (city_ids <> '{}' and city_ids <@ nullif(current_setting('citygauge.cities', true), '')::int[]
              and beyond <@ nullif(current_setting('citygauge.cities', true), '')::int[]);
drop policy own_cities on citygauge.upload;
create policy own_cities on citygauge.upload for select to public
  using (city_ids && (select citygauge.visible_cities()) and city_ids <@ (select citygauge.visible_cities())
         and beyond <@ (select citygauge.visible_cities()));

-- +goose Down
-- Who may not see all that a file may speak of is not to see it here either.
update citygauge.upload set city_ids = coalesce(city_ids || beyond, array(select city_id from citygauge.city));
drop policy named_cities on citygauge.upload;
create policy named_cities on citygauge.upload for all to {{app}}
  using (city_ids <> '{}' and city_ids <@ nullif(current_setting('citygauge.cities', true), '')::int[])
  with check (city_ids <> '{}' and city_ids <@ nullif(current_setting('citygauge.cities', true), '')::int[]);
drop policy own_cities on citygauge.upload;
create policy own_cities on citygauge.upload for select to public
  using (city_ids && (select citygauge.visible_cities()) and city_ids <@ (select citygauge.visible_cities()));
alter table citygauge.upload drop column beyond;
