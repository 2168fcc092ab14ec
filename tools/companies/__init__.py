"""What companies report."""
