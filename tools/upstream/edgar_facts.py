"""Decides what a company's facts at EDGAR say by quarter and year, and from when each is known.

A fact is known from the day of the filing that tells it; a later filing that tells it otherwise is
a later vintage. Which company is asked about is not decided here.
"""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from tools.storage.schema import SCHEMAS, empty_frame
from tools.upstream.edgar_lines import LINES, Line
from tools.upstream.errors import ChangedShapeError

REPORTS: Final = ("10-K", "10-Q", "20-F", "40-F")
"""Beginnings of the forms whose facts count; amendments and transition reports begin alike."""
QUARTER_DAYS: Final = (80, 100)
"""Twelve to fourteen weeks, both ends counted."""
YEAR_DAYS: Final = (350, 380)
_FACT = ["kind", "start", "period", "known_at", "value"]


class _Fact(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    start: date | None = None
    end: date
    val: float | None
    form: str
    filed: date


class _Concept(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    units: dict[str, tuple[_Fact, ...]]


class _Company(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    facts: dict[str, dict[str, JsonValue]]


def fundamental_rows(document: JsonValue, symbol: str, *, since: date, until: date) -> pd.DataFrame:
    """Return rows of the fundamentals schema, known from `since` to `until`.

    A quarter no filing tells by itself (the fourth; cash flows of the second and third) is the
    longer span less the shorter one as known on the longer one's day. Balances are told of the
    ends of quarters (Q) and of years (A).

    Args:
        document: of `companyfacts`.
        symbol: whose.
        since: first day of filing.
        until: last day of filing.

    Raises:
        ChangedShapeError: it is no such document.
    """
    try:
        told = _Company.model_validate(document).facts.get("us-gaap", {})
        facts = {line.name: _facts(line, told) for line in LINES}
    except ValidationError as error:
        raise ChangedShapeError("SEC EDGAR", f"its facts of {symbol} read otherwise") from error
    ends = _report_ends(facts)
    found = []
    for line in LINES:
        rows = facts[line.name]
        if line.measure == "stock":
            rows = _at_ends(rows, ends)
        found.append(_vintages(rows).assign(line=line.name))
    found = [rows for rows in found if len(rows)]
    if not found:
        return empty_frame("fundamentals")
    rows = pd.concat(found, ignore_index=True).assign(symbol=symbol, assumed=False)
    rows = rows[
        (rows["known_at"] >= pd.Timestamp(since)) & (rows["known_at"] <= pd.Timestamp(until))
    ]
    return rows.astype({"symbol": "str", "line": "str", "kind": "str"}).reset_index(drop=True)[
        [*SCHEMAS["fundamentals"].columns]
    ]


def _facts(line: Line, told: dict[str, JsonValue]) -> pd.DataFrame:
    """Return kind (empty for a balance), start, period, known_at and value of one line.

    Of the concepts one filing tells of the same period, the first choice stays.
    """
    parts = []
    for choice, name in enumerate(line.concepts):
        if name not in told:
            continue
        facts = _Concept.model_validate(told[name]).units.get(line.unit, ())
        rows = _table(line, facts)
        if line.measure == "flow" and len(rows):
            rows = pd.concat([rows, _differences(rows)], ignore_index=True)
        parts.append(rows[rows["kind"] != "span"].assign(choice=choice))
    if not parts:
        return pd.DataFrame(columns=_FACT)
    rows = pd.concat(parts, ignore_index=True).sort_values(["known_at", "choice"], kind="stable")
    return rows.drop_duplicates(["kind", "period", "known_at"])[_FACT]


def _table(line: Line, facts: tuple[_Fact, ...]) -> pd.DataFrame:
    told = [item for item in facts if item.val is not None and item.form.startswith(REPORTS)]
    kept = [item for item in told if (item.start is None) == (line.measure == "stock")]
    rows = pd.DataFrame(
        {
            "kind": [_kind(item) for item in kept],
            "start": pd.DatetimeIndex([item.start for item in kept]).as_unit("us"),
            "period": pd.DatetimeIndex([item.end for item in kept]).as_unit("us"),
            "known_at": pd.DatetimeIndex([item.filed for item in kept]).as_unit("us"),
            "value": np.array([item.val for item in kept], dtype=np.float64) / line.per,
        }
    )
    return rows.drop_duplicates(["kind", "start", "period", "known_at"], keep="last")


def _kind(fact: _Fact) -> str:
    """Return Q, A, span for another length, or nothing for a day."""
    if fact.start is None:
        return ""
    days = (fact.end - fact.start).days + 1
    if QUARTER_DAYS[0] <= days <= QUARTER_DAYS[1]:
        return "Q"
    return "A" if YEAR_DAYS[0] <= days <= YEAR_DAYS[1] else "span"


def _differences(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the quarters only a difference tells: a span less the one that ends before it."""
    direct = rows.loc[rows["kind"] == "Q", "period"]
    longer = rows[~rows["period"].isin(list(direct))]
    both = longer.merge(rows.drop(columns="kind"), on="start", suffixes=("", "_before"))
    gap = (both["period"] - both["period_before"]).dt.days
    both = both[gap.between(*QUARTER_DAYS) & (both["known_at_before"] <= both["known_at"])]
    both = both.sort_values("known_at_before", kind="stable").drop_duplicates(
        ["period", "known_at"], keep="last"
    )
    return both.assign(
        kind="Q",
        start=both["period_before"] + pd.Timedelta(days=1),
        value=both["value"] - both["value_before"],
    )[_FACT]


def _report_ends(facts: dict[str, pd.DataFrame]) -> dict[str, set[pd.Timestamp]]:
    """Return the ends of quarters and years; a year's end ends a quarter too."""
    flows = [facts[line.name] for line in LINES if line.measure != "stock"]
    years = {end for rows in flows for end in rows.loc[rows["kind"] == "A", "period"]}
    quarters = {end for rows in flows for end in rows.loc[rows["kind"] == "Q", "period"]}
    return {"Q": quarters | years, "A": years}


def _at_ends(rows: pd.DataFrame, ends: dict[str, set[pd.Timestamp]]) -> pd.DataFrame:
    return pd.concat(
        [rows[rows["period"].isin(list(days))].assign(kind=kind) for kind, days in ends.items()],
        ignore_index=True,
    )


def _vintages(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows, in the order of their filings, whose value is not that of the one before."""
    before = rows.groupby(["kind", "period"], sort=False)["value"].shift()
    return rows[before.isna() | (rows["value"] != before)]
