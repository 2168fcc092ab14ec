"""The user's files: universes, mandates, holdings, `mcp.json`."""
