"""Plays the protocol and writes its table.

python -m evals.protocol HOME SHARED [--start DAY] [--until DAY] [--only NAME ...] [--out FILE]
HOME holds the imported universes us, world and vn; SHARED the raw files. Nothing after --until is
read, 2018 unless said. 2019 to 2024 is opened by --until 2024-12-31 --open: once; a second opening
needs --again and is logged like the first.
"""

import argparse
import csv
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path

from app.hardening import harden
from app.settings import Settings
from app.trials import Trials
from evals.protocol.grounds import HELD_BACK, UNIVERSES, markets
from evals.protocol.judging import Judged, Window, judged
from evals.protocol.models import said
from evals.protocol.table import written

MARKETS = ("french30", *UNIVERSES)
DEVELOPED = date(2018, 12, 31)


def main(arguments: Sequence[str]) -> None:
    """Play, write down, judge, and print the table."""
    asked = _parsed(arguments)
    registry = Trials(Settings(home=asked.home).ledger)
    window = Window(asked.start, asked.until)
    opens, before = window.end >= HELD_BACK, registry.opened(None, HELD_BACK)
    if opens and not asked.open:
        sys.exit(f"--until {window.end} opens what was held back from {HELD_BACK} on: say --open")
    if opens and before and not asked.again:
        sys.exit(f"it was opened on {before[0].recorded_at:%Y-%m-%d}; --again is logged")
    parts: list[Judged] = []
    for market in markets(asked.home, asked.shared, until=window.end, names=tuple(asked.only)):
        tell = partial(print, market.name, file=sys.stderr)
        models = said(market.decisions, until=window.end, cost=market.cost, tell=tell)
        earlier = _development(market.name, market.ground.panel.bars_a_year)
        now = datetime.now(UTC)
        parts.append(judged(market, models, window, registry=registry, earlier=earlier, now=now))
    text = written(parts, window)
    registry.close()
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")
    print(text)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="evals.protocol")
    parser.add_argument("home", type=Path)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--start", type=date.fromisoformat)
    parser.add_argument("--until", type=date.fromisoformat, default=DEVELOPED)
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--only", nargs="+", choices=MARKETS, default=list(MARKETS))
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


def _development(market: str, bars_a_year: int) -> list[float]:
    """Return the Sharpe ratios a bar of the trials made while the models were chosen."""
    text = files("evals.protocol").joinpath("development.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return [float(row["ratio"]) / bars_a_year**0.5 for row in rows if row["market"] == market]


if __name__ == "__main__":
    harden()
    main(sys.argv[1:])
