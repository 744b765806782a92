"""What queries cost: in loops, through relations, by themselves."""
