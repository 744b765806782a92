"""One module for each kind of configuration file; each turns text into parts with entries."""
