"""How strained the market as a whole is, and which side of it leads."""
