"""Proposes the calls a sensible planner would add: into what the user named, and no others."""

import re
from collections.abc import Iterator
from typing import Final

from core.language.words.fold import fold
from evals.kit.asked import Asked

Step = dict[str, object]
NOUNS: Final = {
    "tech": "technology", "cong nghe": "technology", "bank": "banks|financials",
    "ngan hang": "banks|financials", "tai chinh": "financial", "financial": "financial",
    "bat dong san": "real_estate|real-estate", "real estate": "real_estate|real-estate",
    "energy": "energy", "nang luong": "energy", "dau khi": "oil_gas|energy",
    "health": "health", "y te": "health", "utilit": "utilities", "tien ich": "utilities",
    "material": "material", "vat lieu": "material", "hoa chat": "chemicals",
    "chemical": "chemicals", "thep": "basic_resources", "steel": "basic_resources",
    "industrial": "industrial", "cong nghiep": "industrial", "insurance": "insurance",
    "bao hiem": "insurance", "retail": "retail", "ban le": "retail", "staple": "staples",
    "thuc pham": "food", "food": "food", "discretionary": "discretionary",
    "oil": "oil_gas|energy", "communication": "communication",
    "telecom": "telecom", "vien thong": "telecom",
}  # fmt: skip
"""Folded words for a sector, and how its id may begin or end."""
_FOREIGN: Final = re.compile(r"foreign|khoi ngoai|nuoc ngoai|ngoai rong")
_BOOKS: Final = re.compile(r"earning|margin|revenue|profit|valuation|p/?e\b|loi nhuan|doanh thu")
_MOMENTUM: Final = re.compile(r"momentum|da tang|suc manh gia|xu huong")
_PERIODS: Final = (
    (re.compile(r"\b(12|twelve)[- ]month|\b(1|one) year|\bmot nam|\b12 thang"), "1Y"),
    (re.compile(r"\b(6|six)[- ]month|\b6 thang"), "6M"),
    (re.compile(r"\b(1|one)[- ]month|\b1 thang"), "1M"),
)
SECTORS_LOOKED_INTO: Final = 2
STEPS: Final = 8


def sensible_steps(asked: Asked) -> list[Step]:
    """Return at most eight steps the grammar allows."""
    words = fold(asked.question).text
    return [step for name in asked.sectors for step in _steps(asked, name, words)][:STEPS]


def step(tool: str, universe: str, why: str, **given: object) -> Step:
    """Return a step with what its tool needs; the rest null."""
    nothing = {"sector": None, "symbols": None, "period": None}
    return {"tool": tool, "universe": universe, **nothing, **given, "why": why}


def _steps(asked: Asked, universe: str, words: str) -> Iterator[Step]:
    for sector in _named(asked.sectors[universe], words):
        yield step("get_sector_overview", universe, "named_by_user", sector=sector)
        if _FOREIGN.search(words) and universe not in asked.without_flow:
            yield step("get_foreign_flow", universe, "confirms", sector=sector, period="1M")
        if _BOOKS.search(words):
            yield step("get_sector_fundamentals", universe, "explains", sector=sector)
    if asked.symbols and universe == next(iter(asked.sectors)):
        symbols = list(asked.symbols)
        yield step(
            "get_financial_statements", universe, "named_by_user", symbols=symbols, period="Q"
        )
    if _MOMENTUM.search(words):
        period = next((period for form, period in _PERIODS if form.search(words)), "3M")
        yield step("get_technical_momentum", universe, "explains", period=period)


def _named(sectors: tuple[str, ...], words: str) -> list[str]:
    wanted = {stem for noun, ids in NOUNS.items() if noun in words for stem in ids.split("|")}
    found = [
        sector
        for sector in sectors
        if sector.replace("_", " ").replace("-", " ") in words
        or any(sector.startswith(stem) or sector.endswith(stem) for stem in wanted)
    ]
    return found[:SECTORS_LOOKED_INTO]
