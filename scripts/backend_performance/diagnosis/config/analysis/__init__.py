"""What follows from the services together. One module for each question; each gives rows."""
