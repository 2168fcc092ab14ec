"""Who buys and sells."""
