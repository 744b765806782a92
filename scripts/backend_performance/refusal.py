"""The one way to say that a call cannot be answered."""


class Refusal(Exception):
    """A call that cannot be answered; the message says why and is safe to show."""
