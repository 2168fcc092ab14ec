"""Whether the right calls were made, and none beside the plan."""
