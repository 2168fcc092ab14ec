"""What to fetch next from an upstream, and storing whole days of it."""
