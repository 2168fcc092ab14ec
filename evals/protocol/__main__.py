"""Plays the protocol and writes its table.

python -m evals.protocol HOME SHARED [--start DAY] [--until DAY] [--only NAME ...] [--out FILE]
HOME holds the imported universes us, world and vn; SHARED the raw files. Nothing after --until is
read, 2018 unless said. 2019 to 2024 is opened by --until 2024-12-31 --open: once, from its first
day, on every market; a second opening needs --again and is logged like the first.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from app.backtesting.data import HOLDOUT
from app.backtesting.development import development_trials
from app.hardening import harden
from app.journals.trials import Trials
from app.settings import Settings
from evals.protocol.grounds import UNIVERSES, markets
from evals.protocol.judging import Judged, Window, judged
from evals.protocol.models import said
from evals.protocol.table import written

MARKETS = ("french30", *UNIVERSES)
DEVELOPED = date(2018, 12, 31)


def main(arguments: Sequence[str]) -> None:
    """Play, write down, judge, and print the table."""
    asked = _parsed(arguments)
    window = _window(asked)
    with closing(Trials(Settings(home=asked.home).database)) as registry:
        if window.end >= HOLDOUT:
            _require_once(asked, registry)
        text = written(_played(asked, window, registry), window)
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")
    print(text)


def _played(asked: argparse.Namespace, window: Window, registry: Trials) -> list[Judged]:
    parts: list[Judged] = []
    for market in markets(asked.home, asked.shared, until=window.end, names=tuple(asked.only)):
        tell = partial(print, market.name, file=sys.stderr)
        models = said(market.decisions, until=window.end, cost=market.cost, tell=tell)
        bars_a_year = market.ground.panel.bars_a_year
        earlier = development_trials(market.name, bars_a_year=bars_a_year)
        now = datetime.now(UTC)
        parts.append(judged(market, models, window, registry=registry, earlier=earlier, now=now))
    return parts


def _window(asked: argparse.Namespace) -> Window:
    """Return the bars to judge; what was held back is judged from its first day on."""
    if asked.until < HOLDOUT:
        return Window(asked.start, asked.until)
    if asked.start not in (None, HOLDOUT):
        sys.exit(f"--start {asked.start}: what was held back is judged from {HOLDOUT} on")
    return Window(HOLDOUT, asked.until)


def _require_once(asked: argparse.Namespace, registry: Trials) -> None:
    """Leave unless this opens what was held back as agreed: said, whole, and for the first time."""
    if not asked.open:
        sys.exit(f"--until {asked.until} opens what was held back from {HOLDOUT} on: say --open")
    if asked.again:
        return
    if set(asked.only) != set(MARKETS):
        sys.exit(f"it is opened on every market at once: {', '.join(MARKETS)}")
    before = [run.recorded_at for name in MARKETS for run in registry.opened(name, HOLDOUT)]
    if before:
        sys.exit(f"it was opened on {min(before):%Y-%m-%d}; --again is logged")


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


if __name__ == "__main__":
    harden()
    main(sys.argv[1:])
