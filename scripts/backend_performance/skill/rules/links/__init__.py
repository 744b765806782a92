"""Links, paths and labels, and which pages they lead to."""
