"""Keeping a home whole: what is wrong with it, what may go, and copies of it."""
