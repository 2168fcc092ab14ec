"""From factors to a scorecard, from a scorecard to weights."""
