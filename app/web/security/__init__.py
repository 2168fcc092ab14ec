"""Who may use the HTTP doors, how much of them at once, and what never leaves by them."""
