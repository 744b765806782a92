"""What readers and releases get: the archive, the generated pages and the figures of the README."""
