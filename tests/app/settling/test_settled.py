from datetime import date
from pathlib import Path

import pytest

from app.files.universes import load_universes
from app.journals.trials import Trials
from app.settling.blocks import settlement_blocks
from app.settling.settled import settled
from app.settling.told import told
from core.errors import DataError
from core.records.request import Language
from core.records.settlement import ChainSettled, Settlement
from tests.app.settling.conftest import DAYS, Job, composed, request

pytestmark = pytest.mark.xdist_group("settling")

Batch = tuple[Path, list[Job]]


@pytest.fixture(scope="module")
def kept() -> dict[str, Settlement]:
    """The settlement, once worked out."""
    return {}


@pytest.fixture
def chain(batch: Batch, demo_home: Path, kept: dict[str, Settlement]) -> ChainSettled:
    if "demo" not in kept:
        folder, jobs = batch
        absent = Job("demo-2024-04-30-1M-en", jobs[0].request)
        found = settled(folder, [*jobs, absent], composed(demo_home), tell=lambda _: None)
        assert found is not None
        kept["demo"] = found
    return kept["demo"].chains[0]


def test_the_weights_are_held_from_the_session_after_each_report(chain: ChainSettled) -> None:
    assert chain.backtest is not None
    assert (chain.first, chain.last) == (DAYS[0], DAYS[-1])
    assert (chain.reports_count, chain.missing_count) == (3, 1)
    assert chain.backtest.performance.first == date(2024, 2, 2)
    assert chain.backtest.performance.last == date(2024, 4, 29)
    assert chain.backtest.spec.lag_bars == 1
    assert chain.backtest.spec.cost_bps is None
    assert [row.strategy for row in chain.backtest.baselines] == [
        "equal_weight", "market", "momentum:12", "momentum:12-1", "momentum:1", "leading",
        "improving",
    ]  # fmt: skip
    assert chain.benchmark is not None
    assert chain.active is not None
    assert chain.benchmark.bars_count == chain.backtest.performance.bars_count
    assert "synthetic" in chain.backtest.caveats


def test_every_horizon_is_settled_and_the_reports_own_says_of_scores(chain: ChainSettled) -> None:
    rows = {row.horizon: row for row in chain.horizons}
    assert {row.settled_count for row in rows.values()} == {3}
    assert rows["1M"].score_ic_index is not None
    assert rows["1M"].calls_count > 0
    assert rows["1W"].score_ic_index is None
    assert all(row.forecasts_count > 0 for row in rows.values())
    assert sum(cell.forecasts_count for cell in rows["1M"].bins) == rows["1M"].forecasts_count


def test_its_trial_is_in_the_registry(demo_home: Path, chain: ChainSettled) -> None:
    registry = Trials(composed(demo_home).settings.database)
    found = {row.strategy: row for row in registry.of_study("demo")}
    registry.close()
    assert chain.backtest is not None
    trial = found[chain.backtest.spec.signal]
    assert trial.spec_sha256 == chain.backtest.spec.content_hash()
    assert trial.data_sha256 == chain.backtest.data_sha256
    assert trial.bars_count == chain.backtest.performance.bars_count


def test_a_batch_without_a_report_settles_nothing(tmp_path: Path, demo_home: Path) -> None:
    job = Job("demo-2024-01-31-1M-en", request("demo", DAYS[0]))
    assert settled(tmp_path, [job], composed(demo_home), tell=lambda _: None) is None


def test_a_damaged_report_is_named(batch: Batch) -> None:
    folder, jobs = batch
    (folder / jobs[0].name / "report.json").write_bytes(b"{")
    with pytest.raises(DataError, match=f"{jobs[0].name}/report.json is missing or damaged"):
        told(folder / jobs[0].name, load_universes())


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_index_says_it_in_words_and_tables(chain: ChainSettled, language: Language) -> None:
    [block] = settlement_blocks(Settlement(chains=(chain,)), load_universes(), language)
    played, horizons, chances = block.tables
    assert len(played.rows) == 9
    assert [row[1].plain[0] for row in horizons.rows] == ["3", "3", "3"]
    assert len(chances.rows) == len(next(h for h in chain.horizons if h.horizon == "1M").bins)
    assert not any("{" in line.plain for line in block.lines)
    assert chain.backtest is not None
    assert all(len(row) == len(played.columns) for row in played.rows)
