"""What a desk would be told today, without being asked; nothing here delivers it."""
