"""How long things take, measured side by side."""
