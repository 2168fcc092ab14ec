"""What the rotation map shows: its frames, and what is told of one of them."""
