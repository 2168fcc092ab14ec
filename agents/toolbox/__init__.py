"""Everything between the graph and a tool server: sessions, gate, ledger."""
