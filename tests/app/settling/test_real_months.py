"""Every month-end of 2013 to 2018 on real markets, as if then, settled; `-s` prints the tables."""

import time
from datetime import date
from pathlib import Path

import pytest

from app.batching.jobs import session_ends
from app.batching.records import Span
from app.files.universes import load_universes
from app.settling.blocks import settlement_blocks
from app.settling.settled import settled
from core.records.settlement import ChainSettled, Settlement
from tests.app.settling.conftest import Job, composed, reported, request

SPAN = Span(first=date(2013, 1, 1), until=date(2018, 9, 30))
"""The last horizon, three months, ends before the years kept back from development."""


@pytest.mark.prove
@pytest.mark.real_data
@pytest.mark.parametrize("universe", ["us", "vn"])
def test_month_ends_before_the_holdout_are_settled_whole(
    real_home: Path, tmp_path: Path, universe: str
) -> None:
    days = session_ends(load_universes()[universe], SPAN, last=date(2018, 9, 30))
    begun = time.process_time()
    made = reported(real_home, universe, *days)
    spent = time.process_time() - begun
    jobs = [Job(f"{universe}-{day}-1M-en", request(universe, day)) for day in days]
    for job, text in zip(jobs, made, strict=True):
        (tmp_path / job.name).mkdir()
        (tmp_path / job.name / "report.json").write_bytes(text)
    found = settled(tmp_path, jobs, composed(real_home), tell=lambda _: None)
    assert found is not None
    [chain] = found.chains
    _shown(chain, universe, seconds=spent / len(days))
    assert chain.reports_count == len(days) - chain.undecided_count
    assert all(row.settled_count == row.reports_count for row in chain.horizons)
    assert chain.backtest is not None
    assert chain.backtest.performance.last < date(2019, 1, 1)
    assert "holdout_opened" not in chain.backtest.caveats


def _shown(chain: ChainSettled, universe: str, *, seconds: float) -> None:
    print(f"{universe}: {chain.reports_count} reports, {seconds:.2f} CPU seconds each")
    for block in settlement_blocks(Settlement(chains=(chain,)), load_universes(), "en"):
        for line in block.lines:
            print(line.plain)
        for table in block.tables:
            print(" | ".join(column.label for column in table.columns))
            for row in table.rows:
                print(" | ".join(cell.plain for cell in row))
