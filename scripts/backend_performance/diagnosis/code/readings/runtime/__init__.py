"""What is held while code runs: connections, memory, caches, locks, time."""
