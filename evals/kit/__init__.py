"""Models and an endpoint for tests and evals: good, bad and hostile ones, all on this machine."""
