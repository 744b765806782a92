"""What holds in every system: time, encryption, and an account of what was sent."""
