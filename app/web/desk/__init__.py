"""The desk's own side as the site edits it: limits and holdings."""
