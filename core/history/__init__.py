"""Two decisions to what changed and why; earlier calls to how they turned out."""
