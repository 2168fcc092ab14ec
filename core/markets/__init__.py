"""What a market is: its universe, sessions, limits and events; its baskets and benchmarks."""
