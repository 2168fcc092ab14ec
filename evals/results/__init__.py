"""What runs of cases come to: means and their errors, the baseline, the gate, the page."""
