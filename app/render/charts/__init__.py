"""The pictures: geometry and colour, never a number that is not in the evidence."""
