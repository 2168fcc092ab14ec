"""Whether numbers are what their facts, and the records behind those, hold."""
