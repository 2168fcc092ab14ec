"""Kept reports as the site shows them: listed, told in either language, compared, as files."""
