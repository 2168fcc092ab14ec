"""What a rule would have earned, after costs, and how much of that chance explains."""
