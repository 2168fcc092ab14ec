"""How much a report differs when the same is asked again, and when it is asked in other words."""
