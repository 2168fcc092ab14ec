"""Whether words are true of their facts, in the right language, and advise nobody."""
