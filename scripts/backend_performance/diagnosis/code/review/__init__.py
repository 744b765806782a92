"""What a reader gets: leads, without those of a baseline or outside of a change."""
