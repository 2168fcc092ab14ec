"""What a user states: limits, holdings and figures, and the sectors each is of."""
