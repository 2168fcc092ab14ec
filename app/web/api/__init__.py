"""REST: one family of answers a file."""
