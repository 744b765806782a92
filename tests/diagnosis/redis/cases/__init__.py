"""Planted, clean and unknown cases of every probe, by subject."""

from tests.diagnosis.redis.cases import clients, commands, keys, memory, streams

CASES = (*memory.CASES, *keys.CASES, *streams.CASES, *commands.CASES, *clients.CASES)
