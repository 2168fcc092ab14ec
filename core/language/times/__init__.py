"""Which days and lengths of time a question names."""
