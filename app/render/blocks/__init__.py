"""The parts of a page, one a module, each from evidence and decisions to cells."""
