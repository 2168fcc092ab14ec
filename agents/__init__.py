"""The research side: planner, router, tool nodes, scorer, reporter, verifier."""
