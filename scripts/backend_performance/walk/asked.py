"""What two walks asked about, where it differs: not every change is one of the system."""

from __future__ import annotations

from collections.abc import Iterator

from .session import Session


def differences(old: Session, new: Session) -> Iterator[str]:
    """Yield a sentence for each way in which two walks asked about different things."""
    for what, first, second in (
        ("area", {s.area for s in old.steps}, {s.area for s in new.steps}),
        ("system", {t.engine for t in old.targets}, {t.engine for t in new.targets}),
    ):
        for names, when in ((first - second, "earlier"), (second - first, "later")):
            if names:
                noun = what if len(names) == 1 else f"{what}s"
                yield f"only the {when} walk asked about the {noun} {', '.join(sorted(names))}"
    was, now = (
        ", ".join(f"{name} {value}" for name, value in each.parameters.items())
        for each in (old, new)
    )
    if was and now and was != now:
        yield f"the deployment was given as {was}, then as {now}"
    elif was != now:
        when = "earlier" if was else "later"
        yield f"only the {when} walk was given the deployment: {was or now}"
