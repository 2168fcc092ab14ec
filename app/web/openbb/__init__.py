"""The agent interface of the OpenBB Workspace."""
