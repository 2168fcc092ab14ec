"""Learners: one way from features to a forecast a file, all behind one protocol."""
