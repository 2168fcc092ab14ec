"""Numbers of finished reports recomputed, and false statements put to the verifier."""
