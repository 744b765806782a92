"""How a page is written: fences, tables, size, generated blocks."""
