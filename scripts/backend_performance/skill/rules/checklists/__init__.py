"""Checklists and the fields of their items."""
