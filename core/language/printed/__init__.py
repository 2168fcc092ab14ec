"""What closed values, measures, factors and series are called, in English and Vietnamese."""
