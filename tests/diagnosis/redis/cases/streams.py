"""Probes of streams and their groups."""

from tests.diagnosis.redis.cases.planting import GIANT, HOLE_IN_STREAM, Case, after, filled, stream

CASES = (
    Case("streams", "fail", "planted", setup=stream(1500, read=1200),
         thresholds={"oldest_idle_s >= 3600": "oldest_idle_s >= 0"}, says="never acknowledged",
         first={"key_family": "events...", "group": "mailer", "pending": 1200, "consumers": 1}),
    Case("streams", "judge", "some-for-a-while", setup=stream(500, read=200),
         thresholds={"oldest_idle_s >= 300": "oldest_idle_s >= 0"}, first={"pending": 200}),
    Case("streams", "judge", "many-for-one-consumer", setup=stream(1500, read=1200),
         says="per consumer", first={"pending_per_consumer": 1200}),
    Case("streams", "judge", "poison", setup=stream(500, read=20, reads=12),
         says="ten times", first={"oldest_deliveries": 12}),
    Case("streams", "judge", "behind", setup=stream(500, read=100, acknowledged=True),
         thresholds={"lag >= 10000": "lag >= 400"}, says="not delivered"),
    Case("streams", "judge", "never-trimmed", setup=stream(500, read=500, acknowledged=True),
         thresholds={"entries >= 10000": "entries >= 500"}, says="ever added",
         first={"key_family": "events...", "entries": 500, "removed": 0}),
    Case("streams", "pass", "clean", setup=stream(900, read=300, acknowledged=True, cap=500),
         thresholds={"removed == 0 and entries >= 10000": "removed == 0 and entries >= 500"}),
    Case("streams", "unknown", "lag-not-known",
         setup=after(stream(900, read=300, acknowledged=True), HOLE_IN_STREAM),
         thresholds={"lag is None and entries >= 10000": "lag is None and entries >= 500"},
         says="cannot tell how many"),
    Case("streams", "pass", "in-work", setup=stream(500, read=50)),
    Case("streams", "not_applicable", "no-stream", setup=after(filled(200), GIANT)),
    Case("streams", "unknown", "empty", says="no key"),
)  # fmt: skip
