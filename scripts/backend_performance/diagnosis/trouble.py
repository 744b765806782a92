"""The two ways a live system withholds an answer. Messages are safe to show."""


class CannotRun(Exception):
    """The server cannot be asked at all; the message is safe to show."""


class NoAnswer(Exception):
    """One question gave no answer; the message is safe to show."""


class ServerGone(NoAnswer):
    """The connection is lost, so the rest has no answer either."""
