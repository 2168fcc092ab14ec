"""The second verifier: whether a finished page says what the evidence beside it says."""
