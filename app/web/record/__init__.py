"""How earlier calls and the forecast turned out, as the page tells it."""
