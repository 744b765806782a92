"""The ways a live system withholds an answer. Messages are safe to show."""

from ..refusal import Refusal


class CannotRun(Refusal):
    """The system cannot be asked at all."""


class NoAnswer(Exception):
    """One question gave no answer."""


class ServerGone(NoAnswer):
    """The connection is lost, so the remaining questions have no answer either."""
