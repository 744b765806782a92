-- What the report proposes, as a person would run it. CREATE and DROP INDEX CONCURRENTLY cannot
-- run in a transaction: each statement stands alone, one per paragraph.
create index concurrently order_items_order_id_idx on order_items (order_id);

create index concurrently page_views_visitor_idx on page_views (visitor);

drop index concurrently customers_email_key;

drop index concurrently orders_by_date;

alter table carts reset (autovacuum_enabled);

vacuum (analyze) carts;
