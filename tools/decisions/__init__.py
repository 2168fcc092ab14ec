"""What a score and an allocation are made from."""
