"""Developer-only: real servers for tests and demo, and the measurements behind `examples/`.

Not part of the skill: nothing under `scripts/` imports this package.
"""
