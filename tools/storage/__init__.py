"""Stored rows, what is read back from them, and the fitted forecasts."""
