"""What the tool families share: readings of panels that more than one of them prints."""
