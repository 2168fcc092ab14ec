"""Report records to HTML, PDF, Markdown and JSON."""
