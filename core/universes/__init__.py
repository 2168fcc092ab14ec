"""The universes shipped with Sectorwise, as TOML."""
