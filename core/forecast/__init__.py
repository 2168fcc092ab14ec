"""Next-period excess return per sector, with its own out-of-sample record."""
