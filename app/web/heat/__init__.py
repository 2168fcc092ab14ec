"""What the predictive heatmap shows: its three pictures as records."""
