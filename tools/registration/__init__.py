"""Decides each tool's published name, arguments and description; its family computes the answer."""
