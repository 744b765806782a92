"""Where this skill's own files lie, in a checkout and in an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def default_root() -> Path:
    """Return the folder that holds this skill's ``SKILL.md``.

    In a checkout the library lies in ``scripts/`` of the skill; a wheel carries the same files
    as data under ``_skill``, in a folder of the skill's name as its own rules demand.

    Raises:
        FileNotFoundError: neither place holds a ``SKILL.md``.
    """
    for candidate in (_PACKAGE.parents[1], _PACKAGE / "_skill" / "backend-performance"):
        if (candidate / "SKILL.md").is_file():
            return candidate
    raise FileNotFoundError(
        f"no SKILL.md beside {_PACKAGE}: run the scripts from a checkout of the skill, "
        "or reinstall the package"
    )
