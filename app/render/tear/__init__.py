"""The parts of a backtest's tear sheet: its words, tables and charts."""
