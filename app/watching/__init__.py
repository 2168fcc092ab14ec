"""Looks at markets while nobody does, and tells what changed: rarely, once, and nothing twice."""
