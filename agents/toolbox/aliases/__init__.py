"""Strangers' tools to our contract: maps as data, and the small adapter that reads them."""
