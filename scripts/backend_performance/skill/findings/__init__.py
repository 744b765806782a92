"""What becomes of diagnostics: chosen, excused, repaired, counted over many skills, and shown."""
