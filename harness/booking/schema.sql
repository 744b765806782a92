-- A booking site. Rows are generated, so that every run is alike.
create table countries (code text primary key, name text not null);
create table hotels (
    id bigint generated always as identity primary key,
    country text not null references countries (code),
    name text not null,
    views bigint not null default 0
);
create table rooms (
    id bigint generated always as identity primary key,
    hotel_id bigint not null references hotels (id),
    number integer not null
);
create table guests (
    id bigint generated always as identity primary key,
    email text not null,
    loyalty_number text not null unique,
    country text not null references countries (code)
);
create table bookings (
    id integer generated always as identity primary key,
    room_id bigint not null references rooms (id),
    guest_id bigint not null references guests (id),
    hotel_id bigint not null references hotels (id),
    status text not null,
    created_at timestamptz not null
);
create table booking_extras (
    id bigint generated always as identity primary key,
    booking_id integer not null references bookings (id) on delete cascade,
    what text not null
);
create table availability (
    room_id bigint not null,
    day date not null,
    free integer not null,
    primary key (room_id, day)
);
create table holds (
    id bigint generated always as identity primary key,
    room_id bigint not null,
    token text not null unique,
    expires_at timestamptz not null
);
create table site_settings (name text primary key, value text not null);

insert into countries select 'C' || n, 'Country ' || n from generate_series(1, 40) n;
insert into hotels (country, name) select 'C' || 1 + n % 40, 'Hotel ' || n from generate_series(1, 400) n;
insert into rooms (hotel_id, number) select 1 + n % 400, n from generate_series(1, 8000) n;
insert into guests (email, loyalty_number, country)
select 'Guest' || n || '@example.org', (100000 + n)::text, 'C' || 1 + n % 40
from generate_series(1, 60000) n;
insert into bookings (room_id, guest_id, hotel_id, status, created_at)
select 1 + n % 8000, 1 + n % 60000, case when n % 5000 = 0 then 7 else 8 + n % 390 end,
       (array['open', 'paid', 'gone'])[1 + n % 3], timestamptz '2030-01-01' - n * interval '1 minute'
from generate_series(1, 150000) n;
insert into booking_extras (booking_id, what)
select 1 + n % 150000, 'extra ' || n % 9 from generate_series(1, 200000) n;
insert into availability select 1 + n % 8000, date '2030-01-01' + n / 8000, n % 3
from generate_series(0, 119999) n;
insert into holds (room_id, token, expires_at)
select 1 + n % 8000, md5(n::text), timestamptz '2030-01-01' from generate_series(1, 40000) n;
insert into site_settings select 'setting ' || n, 'value' from generate_series(1, 60) n;

create index rooms_hotel_id_idx on rooms (hotel_id);
create index bookings_room_id_idx on bookings (room_id);
create index bookings_guest_id_idx on bookings (guest_id);
create index bookings_created_at_idx on bookings (created_at);
create index guests_email_idx on guests (email);
-- Looks like a problem but is not one: a vacuum scale factor below the default for a busy table.
alter table bookings set (autovacuum_vacuum_scale_factor = 0.02);
