"""What models and migrations declare: indexes, references, steps that lock."""
