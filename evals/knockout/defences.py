"""All defences that can be switched off, by name."""

from typing import Final

from evals.knockout.defence import Defence
from evals.knockout.of_budgets import OF_BUDGETS
from evals.knockout.of_house import OF_HOUSE
from evals.knockout.of_research import OF_RESEARCH

DEFENCES: Final[dict[str, Defence]] = {
    row.name: row for row in (*OF_RESEARCH, *OF_BUDGETS, *OF_HOUSE)
}
NUMBERS: Final = tuple(f"S{number}" for number in range(1, 16))
"""The structural defences there are."""
