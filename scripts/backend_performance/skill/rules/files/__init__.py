"""The files of a skill: names, modes, nested skills, what clients keep beside it."""
