"""The data side: store, sources and the MCP server."""
