-- Planted: see planted.py for what each must look like as evidence.
-- order_items.order_id and page_views.visitor have no index at all.
create index orders_by_date on orders (created_at);
alter table carts set (autovacuum_enabled = off);
