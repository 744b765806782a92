"""A small shop on PostgreSQL, once with the problems every shop has and once without them."""
