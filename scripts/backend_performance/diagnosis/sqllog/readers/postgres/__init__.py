"""PostgreSQL's own logs: stderr with any prefix, csvlog and jsonlog."""
