"""How the jobs nobody looks at stand: read from what every process shares."""
