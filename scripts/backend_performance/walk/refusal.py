"""Why a step of a walk cannot be taken; the message is for the person or agent who asked."""

from ..refusal import Refusal

__all__ = ["Refusal"]
