"""What Claude Code refuses in the manifests and hooks of plugins and in those of marketplaces.

Types and names are those of https://code.claude.com/docs/en/plugins-reference and of
``claude plugin validate`` 2.1.197, read 2026-11. Fields that are not listed are ignored, as
Claude Code ignores them.
"""

from .hooks import hooks
from .marketplace import marketplace
from .plugin import plugin
from .values import Problem

__all__ = ["Problem", "hooks", "marketplace", "plugin"]
