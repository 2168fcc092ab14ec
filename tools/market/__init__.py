"""Prices, trading and data of a market as a whole."""
