"""Colours with one meaning each; purple, cyan and yellow are left to the exchanges' boards."""

SECTORS = (
    "#1f4e9c", "#d9601a", "#2e7d32", "#b71c1c", "#6d4c41", "#546e7a", "#ad3b63", "#7a7a1a",
    "#0b5d4a", "#e08a2e", "#5c8a1e", "#8d3b00", "#7b93a8", "#d0605a", "#3f6b3f", "#a1785c",
    "#12325c", "#a0522d", "#8aa05a", "#5b2c2c",
)  # fmt: skip
FAMILIES: dict[str, str] = {
    "relative_strength": "#1f4e9c",
    "momentum": "#6f94cf",
    "volatility": "#546e7a",
    "volume": "#9fb0b9",
    "breadth": "#2e7d32",
    "foreign_flow": "#d9601a",
    "whales": "#f0a36b",
    "fundamentals": "#6d4c41",
    "valuation": "#b89f95",
    "macro": "#7a7a1a",
    "intermarket": "#b5b572",
    "lead_lag": "#ad3b63",
    "alternative": "#d0605a",
}
VIEWS = ("#0b5d4a", "#4f9583", "#93c1b4", "#c9dfd8", "#2f3f4f", "#8d99a5", "#c3cad0")
"""Fitted views, each its own: in the order of their size."""
OTHER = "#d5d9dd"
"""What is too little of a score to be told apart."""
QUADRANTS: dict[str, str] = {
    "LEADING": "#eaf3ea",
    "WEAKENING": "#fbf1e6",
    "LAGGING": "#f9ebea",
    "IMPROVING": "#e9f0f8",
}
INK = "#22262b"
SOFT = "#6b7279"
GRID = "#d5d9dd"


def sector_colour(position: int) -> str:
    """Return the colour of the sector at this place of the universe's file."""
    return SECTORS[position % len(SECTORS)]
