"""The page and every HTTP door beside it."""
