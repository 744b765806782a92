"""Real servers as child processes that leave nothing behind, and where their programs are."""
