-- The shop itself: the same in both variants. Rows are generated, so that every run is alike.
create table customers (
    id bigint generated always as identity primary key,
    email text not null,
    name text not null,
    created_at timestamptz not null default now()
);
create table products (
    id bigint generated always as identity primary key,
    name text not null,
    price numeric(10, 2) not null
);
create table orders (
    id bigint generated always as identity primary key,
    customer_id bigint not null references customers (id),
    status text not null,
    created_at timestamptz not null
);
create table order_items (
    id bigint generated always as identity primary key,
    order_id bigint not null references orders (id) on delete cascade,
    product_id bigint not null references products (id),
    quantity integer not null
);
create table carts (
    id bigint generated always as identity primary key,
    customer_id bigint not null references customers (id),
    content jsonb not null,
    updated_at timestamptz not null
);
create table page_views (
    id bigint generated always as identity primary key,
    visitor uuid not null,
    path text not null,
    seen_at timestamptz not null
);

-- Every hundredth e-mail address occurs twice, in different capitals.
insert into customers (email, name)
select case when n % 100 = 0 then 'Customer' || n - 1 else 'customer' || n end || '@example.org',
       'Customer ' || n
from generate_series(1, 20000) n;
insert into products (name, price)
select 'Product ' || n, (n % 500) + 0.99 from generate_series(1, 2000) n;
insert into orders (customer_id, status, created_at)
select 1 + n % 20000, (array['open', 'paid', 'sent'])[1 + n % 3],
       timestamptz '2030-01-01' - n * interval '1 minute'
from generate_series(1, 40000) n;
insert into order_items (order_id, product_id, quantity)
select 1 + n % 40000, 1 + n % 2000, 1 + n % 3 from generate_series(1, 120000) n;
insert into carts (customer_id, content, updated_at)
select 1 + n % 20000, jsonb_build_object('items', n % 7), timestamptz '2030-01-01'
from generate_series(1, 30000) n;
insert into page_views (visitor, path, seen_at)
select md5((n / 5)::text)::uuid, '/products/' || n % 2000,
       timestamptz '2030-01-01' - n * interval '1 second'
from generate_series(1, 150000) n;

create index orders_customer_id_idx on orders (customer_id);
create index orders_created_at_idx on orders (created_at);
create index order_items_product_id_idx on order_items (product_id);
create index carts_customer_id_idx on carts (customer_id);
