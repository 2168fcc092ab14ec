"""Sources over a network: one HTTP behaviour, one error taxonomy, one provider a file."""
