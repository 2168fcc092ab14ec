from datetime import date, timedelta
from pathlib import Path

import pytest

from app.snapshots import (
    keep_snapshots,
    kept_digests,
    kept_report,
    last_two,
    predecessor,
)
from core.errors import DataError
from core.records.history import Snapshot
from core.records.mandate import MandatePatch
from core.records.request import Intent
from tests.core.decisions import FRIDAY, report_of, taken

WEEK = timedelta(days=7)


def keep(home: Path, run: str, day: date, *, intent: Intent = "report", pct: float = 1.0) -> str:
    """Keep a finished run and return its report's sha256."""
    folder = home / "runs" / run
    folder.mkdir(parents=True)
    report = report_of(taken(day), intent=intent, horizon_pct=pct)
    (folder / "report.json").write_text(report.model_dump_json())
    keep_snapshots(folder, report)
    (folder / "run.json").write_text("{}")
    return report.content_hash()


def found(home: Path, as_of: date, told: list[str] | None = None) -> Snapshot | None:
    heard: list[str] = [] if told is None else told
    return predecessor(home, "toy", as_of, "1M", tell=heard.append)


def test_the_predecessor_is_the_latest_of_an_earlier_date(tmp_path: Path) -> None:
    keep(tmp_path, "3-first", FRIDAY)
    second = keep(tmp_path, "1-second", FRIDAY + WEEK)
    keep(tmp_path, "2-third", FRIDAY + 2 * WEEK)
    before = found(tmp_path, FRIDAY + 2 * WEEK)
    assert before is not None
    assert (before.as_of, before.report_sha256) == (FRIDAY + WEEK, second)


def test_of_equal_dates_the_run_made_last_counts(tmp_path: Path) -> None:
    last = keep(tmp_path, "20240622-2", FRIDAY, pct=2.0)
    keep(tmp_path, "20240622-1", FRIDAY)
    before = found(tmp_path, FRIDAY + WEEK)
    assert before is not None
    assert before.report_sha256 == last


def test_the_first_report_has_no_predecessor(tmp_path: Path) -> None:
    assert found(tmp_path, FRIDAY) is None
    keep(tmp_path, "1", FRIDAY)
    assert found(tmp_path, FRIDAY) is None


def test_only_reports_of_the_same_universe_and_horizon_are_predecessors(tmp_path: Path) -> None:
    keep(tmp_path, "1", FRIDAY, intent="question")
    keep(tmp_path, "2", FRIDAY)
    assert found(tmp_path, FRIDAY + WEEK) is not None
    assert predecessor(tmp_path, "us", FRIDAY + WEEK, "1M", tell=print) is None
    assert predecessor(tmp_path, "toy", FRIDAY + WEEK, "3M", tell=print) is None
    assert [path.name for path in (tmp_path / "runs" / "1").glob("*.snapshot.json")] == []


def test_a_damaged_run_is_passed_over_and_told(tmp_path: Path) -> None:
    first = keep(tmp_path, "1", FRIDAY)
    keep(tmp_path, "2", FRIDAY + WEEK)
    (damaged,) = (tmp_path / "runs" / "2").glob("*.snapshot.json")
    damaged.write_text('{"universe": "toy"')
    told: list[str] = []
    before = found(tmp_path, FRIDAY + 2 * WEEK, told)
    assert before is not None
    assert before.report_sha256 == first
    assert told == [f"run 2 is damaged and was passed over: {damaged.name}"]


def test_an_unfinished_run_is_no_predecessor(tmp_path: Path) -> None:
    keep(tmp_path, "1", FRIDAY)
    (tmp_path / "runs" / "1" / "run.json").unlink()
    assert found(tmp_path, FRIDAY + WEEK) is None


def test_the_last_two_are_of_different_dates(tmp_path: Path) -> None:
    keep(tmp_path, "1", FRIDAY)
    with pytest.raises(DataError, match="no two kept reports"):
        last_two(tmp_path, "toy")
    keep(tmp_path, "2", FRIDAY + WEEK)
    keep(tmp_path, "3", FRIDAY + WEEK, pct=2.0)
    assert last_two(tmp_path, "toy") == ("1", "3")
    assert last_two(tmp_path, "toy", "1M") == ("1", "3")


def test_a_digest_names_the_largest_overweight(tmp_path: Path) -> None:
    keep(tmp_path, "1", FRIDAY, intent="question")
    (digest,) = kept_digests(tmp_path, "1")
    lines = taken().allocation.lines
    top = max(lines, key=lambda line: line.target_weight - line.benchmark_weight)
    assert (digest.universe, digest.as_of, digest.since) == ("toy", FRIDAY, None)
    assert digest.top_overweight == top.sector
    assert kept_digests(tmp_path, "none") == ()


def test_a_missing_report_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="report of run 9"):
        kept_report(tmp_path, "9")


def test_a_report_under_limits_of_the_questions_own_is_nobodys_predecessor(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "1-limited"
    folder.mkdir(parents=True)
    keep_snapshots(folder, report_of(taken(FRIDAY), patch=MandatePatch(turnover=0.1)))
    (folder / "run.json").write_text("{}")
    assert found(tmp_path, FRIDAY + WEEK) is None


def test_a_day_named_is_compared_with_the_report_nearest_up_to_it_else_the_first_after(
    tmp_path: Path,
) -> None:
    for number in range(4):
        keep(tmp_path, str(number), FRIDAY + number * WEEK)
    day = timedelta(days=1)
    last = FRIDAY + 3 * WEEK

    def compared(since: date) -> date | None:
        kept = predecessor(tmp_path, "toy", last, "1M", since=since, tell=print)
        return kept.as_of if kept else None

    assert compared(FRIDAY + WEEK) == FRIDAY + WEEK
    assert compared(FRIDAY + WEEK + day) == FRIDAY + WEEK
    assert compared(FRIDAY - day) == FRIDAY
    assert compared(last + WEEK) == FRIDAY + 2 * WEEK
