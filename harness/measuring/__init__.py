"""One case of `examples/` at work: its engines, its runs, its figures and its page."""
