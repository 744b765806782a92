"""What the frontmatter says: fields, values, names."""
