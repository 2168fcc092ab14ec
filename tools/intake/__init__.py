"""From a file to stored rows: what is rejected, flagged or repaired."""
