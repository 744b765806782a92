"""What a fault is: a file in which one form is slow, and its repair beside it is not."""

#: category, file, text, lines that are leads
Fault = tuple[str, str, str, list[int]]
