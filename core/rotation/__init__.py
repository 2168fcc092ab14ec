"""Where each sector is on the rotation map, and where it is heading."""
