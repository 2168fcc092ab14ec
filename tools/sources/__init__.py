"""Where rows come from: files, the demo generator."""
