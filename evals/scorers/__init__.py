"""What is said of a run: one idea a scorer, 0 to 1 or unscored, with what fell short."""
