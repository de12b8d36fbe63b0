"""A `publiccode.yml` that somebody uploads for a solution: what it says, and taking some of it over."""
