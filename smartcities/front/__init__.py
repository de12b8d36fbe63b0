"""The front page and what it shows: a case in full, lessons of the week, what is new."""
