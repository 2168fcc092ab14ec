"""The deterministic core: what is computed, from panels alone, the same bytes every time."""
