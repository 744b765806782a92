-- What the shop with problems lacks.
create index order_items_order_id_idx on order_items (order_id);
create index page_views_visitor_idx on page_views (visitor);
create index customers_email_idx on customers (lower(email));
