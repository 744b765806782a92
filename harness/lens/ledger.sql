create database ledger;
use ledger;
create table currencies (code char(3) primary key, name varchar(30), rate int);
insert into currencies select concat('C', seq), 'Currency', seq from seq_1_to_20;
create table invoices (
    id int primary key, guid char(36) not null, number varchar(20), tenant_id int, total int,
    note varchar(200), unique key invoices_guid_key (guid), key invoices_number_idx (number)
);
insert into invoices
select seq, uuid(), 100000 + seq, seq % 300, seq, repeat('n', 150) from seq_1_to_60000;
create table invoice_lines (
    id int primary key auto_increment, invoice_id int, pos int, product int, amount int, note text,
    key invoice_lines_invoice_idx (invoice_id), key invoice_lines_invoice_pos_idx (invoice_id, pos),
    key invoice_lines_product_idx (product, amount),
    key invoice_lines_amount_idx (amount, product)
);
insert into invoice_lines (invoice_id, pos, product, amount, note)
select seq % 60000, seq % 9, seq % 500, seq % 77, concat('note ', seq % 3000)
from seq_1_to_120000;
create table usage_log (tenant_id int, what varchar(40));
insert into usage_log select seq % 300, 'seen' from seq_1_to_40000;
create table page_counters (id int primary key, hits int) engine = MyISAM;
insert into page_counters select seq, 0 from seq_1_to_50;
create user app@'localhost' identified by 'a';
create user probe@'localhost' identified by 'ledger-5d1c';
grant process, select on *.* to probe@'localhost';
