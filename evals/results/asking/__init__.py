"""Cases run and scored, and what of them is kept."""
