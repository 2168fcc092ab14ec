"""Decides how a file's rows become price rows and flows; it does not judge whether they are sound.

Two closes are kept apart: as published, and adjusted by the source for splits and dividends. Money
a file does not tell is close times volume; for indices, whose level is no money, it stays missing.
"""

import numpy as np
import pandas as pd

from core.records.result import Dataset
from tools.sources.cells import names, numbers, unreadable
from tools.sources.reading import Reading
from tools.storage.schema import MATCHED, PRICE_NUMBERS, SCHEMAS

VIETNAMESE_TICKER_CHARS = 3
"""Stocks of HOSE, HNX and UPCoM have three characters; index symbols have more."""

THOUSANDS_BELOW = 2_000.0
"""A Vietnamese file whose median close is lower quotes thousand VND (in 2024 no stock of HOSE was
above 2,000 thousand, hardly one below 2,000 VND)."""

_BESIDE_CLOSE = tuple(name for name in PRICE_NUMBERS if name not in ("close", "adj_close"))

EX_DAYS_NEEDED = 12
"""Dividend days before their gaps say which basis a file is on: three years of quarters."""


def price_rows(reading: Reading) -> pd.DataFrame:
    """Return rows of the prices schema and their `row` numbers; known_at defaults to the period."""
    wide = reading.mapping.layout == "wide"
    rows = _melted(reading) if wide else _long(reading)
    rows["known_at"] = rows["known_at"].fillna(rows["period"])
    if reading.mapping.dataset == "prices":
        rows["period"] = rows["period"].dt.normalize()
    if reading.mapping.basis == "adjusted":
        rows["adj_close"] = rows["adj_close"].fillna(rows["close"])
    if rows["value_bn"].isna().all():
        rows["value_bn"] = _money(rows, vietnamese=reading.universe.currency == "VND")
    return rows


def flow_rows(reading: Reading) -> pd.DataFrame:
    """Return rows of the flows schema, one an investor, and `row`; a row needs both sides.

    A file has either a column an investor and side, or an `investor` column beside buy and sell.
    What foreigners traded in matched orders alone is an investor of its own, `foreign_matched`.
    """
    base = pd.DataFrame(
        {
            "symbol": reading.symbols(),
            "period": reading.stamp("period").dt.normalize(),
            "row": reading.rows(),
        }
    )
    known = reading.stamp("known_at")
    base["known_at"] = known.fillna(base["period"])
    own = reading.number("own_pct")
    if reading.mapping.column("investor") or reading.mapping.constant("investor"):
        investor = reading.text("investor").str.lower()
        sides = [base.assign(investor=investor, own_pct=own.where(investor == "foreign"))]
        prefixes = [""]
    else:
        sides = [
            base.assign(investor="foreign", own_pct=own),
            base.assign(investor=MATCHED, own_pct=np.nan),
            base.assign(investor="proprietary", own_pct=np.nan),
        ]
        prefixes = ["foreign_", "foreign_matched_", "proprietary_"]
    frames = []
    for side, prefix in zip(sides, prefixes, strict=True):
        buy, sell = reading.number(f"{prefix}buy_bn"), reading.number(f"{prefix}sell_bn")
        kept = reading.unreadable(f"{prefix}buy_bn", f"{prefix}sell_bn")
        kept |= buy.notna() & sell.notna()
        frames.append(side.assign(buy_bn=buy, sell_bn=sell)[kept])
    rows = pd.concat(frames, ignore_index=True)
    return rows[[*SCHEMAS["flows"].columns, "row"]].astype({"investor": "str"})


def has_flows(dataset: Dataset, columns: pd.Index) -> bool:
    """Tell whether a price file also holds foreign buys and sells."""
    from_headings = {str(name).lower() for name in columns}
    return dataset == "prices" and any(
        name.startswith(("fb_val", "nn_mua")) for name in from_headings
    )


def looks_adjusted(rows: pd.DataFrame) -> bool:
    """Tell whether closes beside a dividend column carry the dividends already.

    On its ex-day a published close falls by the dividend on average, an adjusted one does not.
    """
    ordered = rows.sort_values(["symbol", "period"], kind="stable")
    before = ordered.groupby("symbol", sort=False)["close"].shift()
    ex_day = (ordered["dividend"] > 0.0) & before.notna()
    if int(ex_day.sum()) < EX_DAYS_NEEDED:
        return False
    yields = (ordered["dividend"] / before)[ex_day]
    moves = (ordered["close"] / before - 1.0)[ex_day]
    return bool(moves.mean() > -0.5 * yields.mean())


def _long(reading: Reading) -> pd.DataFrame:
    columns = {name: reading.number(name) for name in PRICE_NUMBERS}
    return pd.DataFrame(
        {
            "symbol": reading.symbols(),
            "period": reading.stamp("period"),
            "known_at": reading.stamp("known_at"),
            **columns,
            "row": reading.rows(),
            "unreadable": reading.unreadable("close", "adj_close"),
            "cell_cleared": reading.unreadable(*_BESIDE_CLOSE),
        }
    )


def _melted(reading: Reading) -> pd.DataFrame:
    """Return one row a date and column; empty cells are dates without that symbol, not defects."""
    frame = reading.frame
    used = {reading.mapping.column(name) for name in ("period", "known_at")}
    symbols = [name for name in frame.columns if name not in used]
    values = {str(name): numbers(frame[name]) for name in symbols}
    usable = {name: column for name, column in values.items() if column.notna().any()}
    count = len(usable)
    closes = np.concatenate([column.to_numpy() for column in usable.values()])
    texts = [unreadable(frame[name]).to_numpy() for name in symbols if str(name) in usable]
    rows = pd.DataFrame(
        {
            "symbol": np.repeat(np.array([n.upper() for n in usable], dtype=object), len(frame)),
            "period": np.tile(reading.stamp("period").to_numpy(), count),
            "known_at": np.tile(reading.stamp("known_at").to_numpy(), count),
            **dict.fromkeys(PRICE_NUMBERS, np.nan),
            "close": closes,
            "row": np.tile(reading.rows().to_numpy(), count),
            "unreadable": np.concatenate(texts),
        }
    )
    rows["symbol"] = names(rows["symbol"])
    return rows[rows["close"].notna() | rows["unreadable"]].reset_index(drop=True)


def _money(rows: pd.DataFrame, *, vietnamese: bool) -> "pd.Series[float]":
    closes = rows["close"].fillna(rows["adj_close"])
    money = closes * rows["volume"] * 1e-9
    if not vietnamese:
        return money
    stocks = rows["symbol"].str.len() == VIETNAMESE_TICKER_CHARS
    unit = 1_000.0 if closes[stocks].median() < THOUSANDS_BELOW else 1.0
    return (money * unit).where(stocks)
