"""The booking site's source, with planted faults. It is read, and never run."""
