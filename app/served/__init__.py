"""What only the whole can serve over MCP: research, backtests, pictures, resources, prompts."""
