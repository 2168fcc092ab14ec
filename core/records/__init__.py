"""The records that cross boundaries, one family a module."""
