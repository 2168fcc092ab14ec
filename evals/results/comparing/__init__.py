"""Two runs, or a run and what was agreed, held against each other."""
