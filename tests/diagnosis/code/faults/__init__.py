"""Each kind of fault with its repair, by subject."""

from tests.diagnosis.code.faults import caches, queries, resources, waiting

FAULTS = {**queries.FAULTS, **waiting.FAULTS, **resources.FAULTS, **caches.FAULTS}
