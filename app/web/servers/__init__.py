"""Tool servers as the page tells them: read, never changed."""
