"""How figures of results are written, on the page and in the tables of the command line."""

from typing import Final

NOTHING: Final = "–"
"""Stands for a value there is none of."""


def share(value: float | None) -> str:
    """Return a share to three decimals."""
    return NOTHING if value is None else f"{value:.3f}"


def signed(value: float | None) -> str:
    """Return a change to three decimals, with its sign."""
    if value is None:
        return NOTHING
    return f"{value:+.3f}".replace("-", "−") if abs(value) >= 0.0005 else "0.000"


def figure(value: float) -> str:
    """Return a figure: whole ones whole, others to two decimals."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"
