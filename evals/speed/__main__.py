"""Prints every benchmark as a table; ratios are taken side by side in one run.

python -m evals.speed [HOME]: HOME holds imported data (us, vn); absent, only demo is measured.
"""

import sys
import tempfile
from pathlib import Path

from app.data import open_store, prepare
from app.files.universes import load_universes
from app.hardening import harden
from app.settings import Settings

REAL = {"us": "2024-12-31", "vn": "2024-12-30"}


def main(home: Path | None) -> None:
    """Measure and print."""
    from evals.speed import (
        backtest,
        forecast,
        learners,
        pipeline,
        processes,
        rotation,
        telling,
        tools,
        wide,
    )

    _print("rotation engine", rotation.measure())
    _print("backtest", backtest.measure())
    _print("learners", learners.measure())
    _print("forecast of 200 and 2,000 stocks", forecast.measure())
    _print("a market of 200 and 2,000 stocks", wide.measure())
    _print("sectorwise --help", processes.help_times())
    with tempfile.TemporaryDirectory() as scratch:
        demo = Path(scratch)
        prepare(Settings(home=demo), load_universes()["demo"], tell=lambda _: None)
        print("tools on demo, ms; bare: a FastMCP tool that returns the same bytes")
        print(tools.table(tools.measure(demo)))
        _print("start to first result over stdio", tools.start_up(demo))
        _print("pipeline, demo", pipeline.measure(demo, "demo"))
        _print("telling of a run, demo", telling.measure(demo, "demo"))
        _print("report, demo", processes.report_cost(demo, "demo", "2024-12-31"))
    if home is None:
        return
    for universe, as_of in REAL.items():
        if open_store(Settings(home=home)).sources(universe):
            _print(f"pipeline, {universe}", pipeline.measure(home, universe))
            _print(f"report, {universe}", processes.report_cost(home, universe, as_of))


def _print(title: str, figures: dict[str, float]) -> None:
    print(title)
    for name, value in figures.items():
        print(f"  {name:28} {value:10.2f}")


if __name__ == "__main__":
    harden()
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
