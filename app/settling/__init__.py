"""Reports of past dates against what came of them: the whole-agent backtest."""
