"""The beginning of a walk: what is here, what is asked, which items are in scope."""
