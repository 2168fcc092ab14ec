"""Signals, one feature family a file."""
