-- Which password the database login of a city, or faculty's, has: by a
-- fingerprint, so that a dashboard that was given another is found out.

-- +goose Up
create table citygauge.login_password (
  role_name   name primary key,
  fingerprint text not null -- SHA-256 of a password that was made up
);
grant select on citygauge.login_password to {{system}};

-- +goose Down
drop table citygauge.login_password;
