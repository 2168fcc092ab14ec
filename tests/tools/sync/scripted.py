"""A source whose answers are a table, and an errand to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from core.records.result import Dataset
from core.records.universe import Universe
from tools.storage.schema import PRICE_NUMBERS, SCHEMAS, empty_frame
from tools.storage.store import Store
from tools.sync.errand import Errand
from tools.upstream.errors import UnavailableError, UnknownSymbolError
from tools.upstream.protocol import Fetched, Tell

NEW_YORK = ZoneInfo("America/New_York")


def price_rows(symbol: str, closes: Mapping[date, float], **columns: float) -> pd.DataFrame:
    """Return rows of the prices schema, known on their day."""
    days = pd.Series(pd.DatetimeIndex(list(closes)).as_unit("us"))
    rows = pd.DataFrame(
        {
            "symbol": pd.Series([symbol] * len(closes), dtype="str"),
            "period": days,
            "known_at": days,
            **dict.fromkeys(PRICE_NUMBERS, float("nan")),
            "close": list(closes.values()),
            "volume": 1e6,
            **columns,
        }
    )
    return rows[list(SCHEMAS["prices"].columns)].astype(dict.fromkeys(PRICE_NUMBERS, "float64"))


@dataclass
class ScriptedUpstream:
    """Answers with `rows`; after `patience` answers it is down; `asked` keeps every name."""

    rows: dict[str, pd.DataFrame]
    dataset: Dataset = "prices"
    required: frozenset[str] = frozenset()
    patience: int | None = None
    asked: list[tuple[str, date, date]] = field(default_factory=list)
    name: str = "scripted"
    needs: tuple[str, ...] = ()

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        return (self.dataset,)

    def origin(self, dataset: Dataset) -> str:
        return f"Scripted {dataset}"

    def subjects(
        self, universe: Universe, dataset: Dataset, members: tuple[str, ...]
    ) -> Mapping[str, bool]:
        return {name: name in self.required for name in self.rows}

    def fetch(
        self,
        universe: Universe,
        dataset: Dataset,
        *,
        symbols: tuple[str, ...],
        since: date,
        until: date,
        tell: Tell,
    ) -> Iterator[Fetched]:
        for symbol in symbols:
            if self.patience is not None and len(self.asked) >= self.patience:
                raise UnavailableError("Scripted", "it is down")
            self.asked.append((symbol, since, until))
            rows = self.rows[symbol]
            if rows.empty:
                problem = UnknownSymbolError("Scripted", symbol)
                yield Fetched(symbol, dataset, empty_frame(dataset), "0" * 64, problem)
                continue
            kept = rows[rows["period"] < pd.Timestamp(until) + pd.Timedelta(days=1)]
            if dataset == "prices":
                kept = kept[kept["period"] >= pd.Timestamp(max(since, date(1900, 1, 1)))]
            yield Fetched(symbol, dataset, kept.reset_index(drop=True), f"{len(kept):064x}")


ErrandOf = Callable[..., Errand]


def errand_of(home: Path, universe: Universe, upstream: ScriptedUpstream, day: date) -> Errand:
    """Return the errand of an evening after the close."""
    return Errand(
        store=Store(home),
        upstream=upstream,
        universe=universe,
        dataset=upstream.dataset,
        folder=home / "sync",
        now=datetime(day.year, day.month, day.day, 18, 0, tzinfo=NEW_YORK),
    )
