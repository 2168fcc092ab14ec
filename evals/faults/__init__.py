"""What a report is when the endpoint of its model fails, in every way, for either agent."""
