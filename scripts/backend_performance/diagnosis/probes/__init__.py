"""What is asked: probe files, their rules, and the run that judges the rows."""
