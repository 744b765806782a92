-- What each of these must come out as is in planted.py.
alter role booking_web set plan_cache_mode = force_generic_plan;
alter role booking_report set work_mem = '64kB';
alter table availability set (autovacuum_analyze_scale_factor = 50);
alter table holds set (autovacuum_enabled = off);
create index bookings_created_again_idx on bookings (created_at);
create index bookings_guest_room_idx on bookings (guest_id, room_id);
create index rooms_number_never_idx on rooms (number, hotel_id);
alter sequence bookings_id_seq restart with 2100000000;
insert into bookings (room_id, guest_id, hotel_id, status, created_at)
values (1, 1, 9, 'open', timestamptz '2029-06-01');
