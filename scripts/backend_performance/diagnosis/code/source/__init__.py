"""What is read from files: which ones, in which grammar, and the facts in each."""
