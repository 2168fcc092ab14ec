"""Turns a verified report into files; computes no figure of its own."""
