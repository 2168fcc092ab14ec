"""Decides what sectors weigh in a benchmark at a date, from weights of sectors or of stocks.

It refuses weights that do not add up: what is missing of them cannot be told.
"""

import numpy as np
import pandas as pd

from core.errors import CallerError, ImportRejectedError
from core.markets.benchmark import named_benchmark
from tools.sources.fields import plain
from tools.sources.members import sector_lookup
from tools.sources.reading import Reading
from tools.storage.schema import SCHEMAS

WHOLE_PCT = 100.0
SLACK_PCT = 0.5
"""How far the weights of one date may be from 100 %: publishers round, and hold some cash."""

FRACTIONS_BELOW = 2.0
"""A sum below it is one of fractions; above, of percent."""

NAMES_SHOWN = 4

_TABLE = ["benchmark", "period", "known_at"]


def weight_rows(reading: Reading, members: pd.DataFrame) -> pd.DataFrame:
    """Return rows of the weights schema and `row`, fractions that sum to 1 by benchmark and period.

    A row with a symbol and no sector counts for the sector the symbol is a member of at the row's
    period. Each table has every sector of the universe, 0 where the file has none, so that a later
    table replaces an earlier one whole. Weights of one sector are added up. Without a benchmark
    column they are the default benchmark's; without known_at they are known at their period. Rows
    without a date or a sector stay beside the tables, to be told as left out.

    Args:
        reading: the file.
        members: symbol, sector, start, end of the store.

    Raises:
        ImportRejectedError: an unknown benchmark, a negative weight, or a table that does not add
            up to 100 % within 0.5; the message holds the sum.
    """
    rows = _read(reading, members)
    sectors = reading.universe.sector_ids
    tables = [
        _whole(table, sectors, f"{reading.file.name}: the weights of {_title(table)}")
        for _, table in rows.groupby(_TABLE, sort=True)
    ]
    left = rows[rows["period"].isna() | rows["sector"].isna()]
    found = pd.concat([*tables, left], ignore_index=True)
    return found[[*SCHEMAS["weights"].columns, "row"]].astype({"assumed": "bool"})


def _read(reading: Reading, members: pd.DataFrame) -> pd.DataFrame:
    universe = reading.universe
    sectors = sector_lookup(universe)
    period = reading.stamp("period").dt.normalize()
    known_at = reading.stamp("known_at")
    named = reading.text("sector").map(lambda text: sectors.get(plain(text)), na_action="ignore")
    held = _sector_of(reading.symbols(), period, members)
    publisher = reading.text("source").fillna(reading.file.name)
    return pd.DataFrame(
        {
            "benchmark": _benchmarks(reading),
            "sector": named.astype("str").fillna(held).astype("str"),
            "source": publisher,
            "period": period,
            "known_at": known_at.fillna(period),
            "weight": reading.number("weight"),
            "assumed": known_at.isna(),
            "row": reading.rows(),
            "told": reading.text("sector").fillna(reading.symbols()),
        }
    )


def _benchmarks(reading: Reading) -> pd.Series:
    universe = reading.universe
    marks = reading.text("benchmark").fillna(universe.benchmark.id).str.lower()
    try:
        for name in marks.unique():
            named_benchmark(universe, str(name))
    except CallerError as error:
        raise ImportRejectedError(f"{reading.file.name}: {error}.") from error
    return marks


def _sector_of(symbols: pd.Series, period: pd.Series, members: pd.DataFrame) -> pd.Series:
    """Return each symbol's sector at the period, NaN where it is no member then."""
    asked = pd.DataFrame({"symbol": symbols, "period": period, "place": np.arange(len(symbols))})
    spells = asked.merge(members, on="symbol", how="inner")
    open_then = spells["end"].isna() | (spells["period"] < spells["end"])
    spells = spells[(spells["start"] <= spells["period"]) & open_then]
    sector_of = spells.drop_duplicates("place").set_index("place")["sector"]
    return pd.Series(sector_of.reindex(asked["place"]).to_numpy(), symbols.index, dtype="str")


def _title(table: pd.DataFrame) -> str:
    first = table.iloc[0]
    return f"{first['benchmark']} on {first['period'].date()}"


def _whole(table: pd.DataFrame, sectors: tuple[str, ...], told: str) -> pd.DataFrame:
    """Return one table's sectors, each with a fraction."""
    if (table["weight"] < 0.0).any():
        raise ImportRejectedError(f"{told} hold a negative one; a benchmark is long only.")
    placed = table[table["sector"].notna()]
    sums = placed.groupby("sector")["weight"].sum()
    total = float(sums.sum())
    pct = total * WHOLE_PCT if total < FRACTIONS_BELOW else total
    if not abs(pct - WHOLE_PCT) <= SLACK_PCT:
        raise ImportRejectedError(
            f"{told} add up to {pct:.2f} %, not to 100 within {SLACK_PCT:g}"
            f"{_unplaced(table)}; correct the file and import it again."
        )
    weights = (sums / total).reindex(list(sectors), fill_value=0.0)
    first = table.iloc[0]
    shared = {name: first[name] for name in ("benchmark", "source", "period", "known_at", "row")}
    return pd.DataFrame(
        {"sector": weights.index, "weight": weights.to_numpy(), **shared, "assumed": first.assumed}
    )


def _unplaced(table: pd.DataFrame) -> str:
    """Return the names that stand for no sector, for the sentence."""
    names = table["told"][table["sector"].isna()].dropna().unique()
    if not len(names):
        return ""
    more = " …" if len(names) > NAMES_SHOWN else ""
    return f" (no sector: {', '.join(map(str, names[:NAMES_SHOWN]))}{more})"
