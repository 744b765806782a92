"""The one exception of the walk: a call that cannot be carried out, said in one sentence."""


class Refusal(Exception):
    """What is wrong with the call and what to do about it; a command turns it into exit 2."""
