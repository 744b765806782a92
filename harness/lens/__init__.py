"""A multi-tenant analytics service with planted problems, and things that only look like some."""
