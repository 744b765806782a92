"""Probes of keys: expiry, families, sizes."""

from tests.diagnosis.redis.cases.planting import GIANT, Case, after, filled, used

CASES = (
    Case("keys-without-expiry", "fail", "planted", setup=filled(500), role="cache",
         first={"database": "db0", "keys": 500, "with_expiry": 0}),
    Case("keys-without-expiry", "fail", "policy-that-evicts-nothing",
         {"maxmemory": "64mb", "maxmemory-policy": "volatile-lru"}, setup=filled(500),
         says="the policy evicts only"),
    Case("keys-without-expiry", "judge", "some", role="cache",
         setup=after(filled(500), filled(400, ex=1000))),
    Case("keys-without-expiry", "judge", "unknown-role", setup=filled(500)),
    Case("keys-without-expiry", "pass", "clean", setup=filled(500, ex=1000), role="cache"),
    Case("keys-without-expiry", "not_applicable", "store", setup=filled(500), role="store"),
    Case("keys-without-expiry", "unknown", "empty", role="cache", says="no key"),
    Case("keys-without-expiry", "unknown", "few", setup=filled(20), role="cache"),
    Case("key-families", "judge", "planted", setup=filled(300), role="cache",
         first={"key_family": "cart...", "without_expiry_pct": 100.0, "keys_measured": 300}),
    Case("key-families", "pass", "clean", setup=filled(300, ex=1000), role="cache"),
    Case("key-families", "not_applicable", "store", setup=filled(300), role="store"),
    Case("key-families", "unknown", "empty", says="no key"),
    Case("big-keys", "judge", "planted", setup=after(filled(500), GIANT),
         first={"key_family": "report...", "all_keys_seen": True}),
    Case("big-keys", "fail", "huge", setup=used(("SET", "dump:1", "x" * 11_000_000)),
         first={"key_family": "dump..."}),
    Case("big-keys", "pass", "clean", setup=filled(500)),
    Case("big-keys", "unknown", "empty", says="no key"),
)  # fmt: skip
