"""The report as sheets of plain values: numbers as they are, units in the headings."""
