"""What a sector's page shows: its place, members, accounts, flows, rotation and forecast."""
