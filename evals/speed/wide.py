"""Measures a wide market through the product's own doors: import, increment, heatmap, whales.

Each size runs in a process of its own, so that its peak memory is its own.
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path

import duckdb
import pandas as pd

from app.data import open_store, tool_context
from app.settings import Settings
from core.markets.universe import parse_universe
from core.panel import MarketPanels
from core.records.result import Dataset, ToolResult
from core.records.universe import Universe
from evals.speed.forecast import stocks_market
from evals.speed.sizes import by_size, peak_mb, timed
from tools.flows.whale_activity import whale_activity
from tools.intake.importing import imported
from tools.sectors.heatmap import sector_heatmap

LATER_SESSIONS = 5
CALLS = 5


def measure() -> dict[str, float]:
    """Return seconds, megabytes and kilobytes by size, and how they grow."""
    return by_size(
        "evals.speed.wide",
        ("import_s", "import_peak_mb", "increment_s", "read_s", "heatmap_s", "whales_s"),
    )


def one(n_stocks: int) -> None:
    """Import ten years of one size, then five sessions more, then ask; print what each took."""
    text = files("core.universes").joinpath("demo.toml").read_text(encoding="utf-8")
    universe = parse_universe(
        text.replace('id = "demo"', 'id = "wide"', 1).replace("synthetic = true", "")
    )
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        context = tool_context(Settings(home=home), {universe.id: universe})
        lots = _written(stocks_market(n_stocks), home)
        print("rows", sum(_count(path) for path, _ in lots[:2]))
        before = peak_mb()
        for name, chosen in (("import_s", lots[:2]), ("increment_s", lots[2:])):
            print(name, timed(partial(_imported, home, universe, chosen))[0])
        print("files_peak_mb", before)
        print("import_peak_mb", peak_mb())
        seconds, scope = timed(lambda: context.scope(universe.id, None))
        print("read_s", seconds)
        last = scope.as_of
        for name, ask in (("heatmap", sector_heatmap), ("whales", whale_activity)):
            taken, answer = _asked(partial(ask, context, region=universe.id), last)
            print(f"{name}_first_s", taken[0])
            print(f"{name}_s", statistics.median(taken[1:]))
            print(f"{name}_kb", len(json.dumps(answer.model_dump(mode="json"))) / 1024.0)
        print("asked_peak_mb", peak_mb())


def _asked(ask: Callable[..., ToolResult], last: date) -> tuple[tuple[float, ...], ToolResult]:
    """Return the seconds of questions about the last days, each a date of its own."""
    days = [last - timedelta(days=back) for back in range(CALLS, -1, -1)]
    answered = [timed(partial(ask, as_of=day)) for day in days]
    return tuple(seconds for seconds, _ in answered), answered[-1][1]


def _written(panels: MarketPanels, home: Path) -> list[tuple[Path, Dataset]]:
    """Write members, all but the last sessions, and the last sessions as Parquet files."""
    if panels.stocks is None or panels.members is None:
        raise ValueError("no stocks")
    stocks = panels.stocks
    long = pd.DataFrame(
        {
            "close": stocks.closes.stack(),
            "volume": stocks.volumes.stack(),
            "value_bn": stocks.values.stack(),
        }
    ).reset_index(names=["date", "symbol"])
    cut = stocks.closes.index[-LATER_SESSIONS]
    members = panels.members.rows[["symbol", "sector"]]
    lots: list[tuple[str, pd.DataFrame, Dataset]] = [
        ("members", members, "members"),
        ("early", long[long["date"] < cut], "prices"),
        ("late", long[long["date"] >= cut], "prices"),
    ]
    written: list[tuple[Path, Dataset]] = []
    for name, frame, dataset in lots:
        path = home / f"{name}.parquet"
        duckdb.from_df(frame).write_parquet(str(path))
        written.append((path, dataset))
    return written


def _imported(home: Path, universe: Universe, lots: list[tuple[Path, Dataset]]) -> None:
    store = open_store(Settings(home=home))
    for path, dataset in lots:
        imported(store, (path,), dataset, universe)


def _count(path: Path) -> int:
    found = duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchone()  # noqa: S608 - our own file
    return int(found[0]) if found else 0


if __name__ == "__main__":
    one(int(sys.argv[1]))
