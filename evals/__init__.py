"""Quality and speed, measured offline."""
