"""Working on runs: who does, how far each is, and what a question asks for."""
