"""How results look: tables in the terminal, pages in a browser, JSON."""
