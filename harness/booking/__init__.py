"""A booking site with planted problems, and things that only look like problems."""
