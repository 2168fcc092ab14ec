"""Template sentences, one family a file: typed rows to claims over facts."""
