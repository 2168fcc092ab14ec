"""A question's text as plain tokens, and the closed phrases that are found in them."""
