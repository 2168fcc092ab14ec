"""A backtest or an audit, from a user's words to its record."""
