"""Asking a live system for evidence. Knows no Markdown."""
