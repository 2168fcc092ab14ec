"""Three weekly reports through the whole command line, and what is said of them afterwards."""

import shutil
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest

from core.records.history import Changes, ReportCard
from core.records.report import Report
from tests.app.command import sectorwise
from tests.app.conftest import WEEKLY, report_of_week

LAST = "2024-12-27"
DATES = (*WEEKLY, LAST)


@pytest.fixture(scope="module")
def home(weekly_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three weekly reports of the synthetic market."""
    folder = tmp_path_factory.mktemp("runs") / "home"
    shutil.copytree(weekly_home, folder)
    report_of_week(LAST, home=folder)
    return folder


def runs_of(home: Path) -> list[dict[str, object]]:
    listed = sectorwise("runs", "--json", home=home).json()
    assert isinstance(listed, list)
    return listed


def report_of(home: Path, run: object) -> Report:
    return Report.model_validate_json((home / "runs" / str(run) / "report.json").read_bytes())


def test_the_list_names_date_top_overweight_and_predecessor(home: Path) -> None:
    rows = runs_of(home)
    assert len(rows) == 3
    digests = [row["digests"][0] for row in rows]  # type: ignore[index]  # parsed JSON
    assert [digest["as_of"] for digest in digests] == list(DATES)
    assert [digest["since"] for digest in digests] == [None, *DATES[:2]]
    assert all(digest["top_overweight"] for digest in digests)
    ran = sectorwise("runs", "-u", "demo", home=home)
    assert "top overweight" in ran.out
    assert ran.out.count("demo") == 3
    assert sectorwise("runs", "-u", "us", "--json", home=home).json() == []
    assert len(runs_of(home)) == 3


def test_every_report_after_the_first_tells_what_changed_since_the_one_before(home: Path) -> None:
    reports = [report_of(home, row["run"]) for row in runs_of(home)]
    assert reports[0].changes == ()
    for before, after in pairwise(reports):
        (found,) = after.changes
        assert found.predecessor_sha256 == before.content_hash()
        assert (str(found.since), str(found.as_of)) == (str(before.as_of[0]), str(after.as_of[0]))
        assert found.rows


def test_comparing_two_runs_gives_what_the_report_said(home: Path) -> None:
    first, second, third = (str(row["run"]) for row in runs_of(home))
    told = report_of(home, third).changes[0]
    for names in ((second, third), ("last", "-u", "demo")):
        ran = sectorwise("runs", "--compare", *names, "--json", home=home)
        assert ran.code == 0, ran.error
        document = ran.json()
        assert isinstance(document, list)
        assert [Changes.model_validate(row) for row in document] == [told]
    shown = sectorwise("runs", "--compare", first, third, home=home)
    assert shown.code == 0
    assert "data" in shown.out
    assert "changed" in shown.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "name two runs"),
        (("a", "b"), 3, "run a"),
        (("last", "-u", "us"), 3, "no two kept reports"),
        (("last", "-u", "nowhere"), 2, "nowhere"),
    ],
)
def test_what_cannot_be_compared_is_said(
    home: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = sectorwise("runs", "--compare", *arguments, home=home)
    assert (ran.code, said in ran.error) == (code, True), ran.error


def test_the_report_card_settles_what_was_called(home: Path) -> None:
    ran = sectorwise("track", "-u", "demo", "--horizon", "1W", "--json", home=home)
    assert ran.code == 0, ran.error
    document = ran.json()
    assert isinstance(document, dict)
    assert document["entries"] == 3
    card = ReportCard.model_validate(document["report_card"])
    assert card.reports_count == 3
    assert card.settled_count > 0
    assert card.live_count == 0
    assert {str(row.called) for row in card.calls} <= set(DATES)
    third = report_of(home, runs_of(home)[2]["run"])
    (known_then,) = third.report_cards
    again = sectorwise(
        "track", "-u", "demo", "--horizon", "1W", "--as-of", DATES[2], "--json", home=home
    ).json()
    assert isinstance(again, dict)
    assert ReportCard.model_validate(again["report_card"]) == known_then
    assert "settled" in sectorwise("track", "-u", "demo", "--horizon", "1W", home=home).out
    words = ("--horizon", "1W", "--as-of", min(DATES))
    first = sectorwise("track", "-u", "demo", *words, home=home).out
    assert "no 1W report of an earlier day" in first
    assert "live since" not in first


def test_a_broken_log_is_named_with_its_first_broken_entry(home: Path, tmp_path: Path) -> None:
    assert "3 entries, whole" in sectorwise("track", "--verify", home=home).out
    broken = Path(shutil.copytree(home, tmp_path / "home"))
    with sqlite3.connect(broken / "ledger.sqlite") as connection:
        connection.execute("DROP TRIGGER calls_made_refuses_update")
        connection.execute("UPDATE calls_made SET body = replace(body, 'weight', 'wait')")
    connection.close()
    for arguments in (("--verify",), ("-u", "demo")):
        ran = sectorwise("track", *arguments, home=broken)
        assert ran.code == 3
        assert "entry 1" in ran.error


def test_entries_deleted_at_the_logs_end_are_missed(home: Path, tmp_path: Path) -> None:
    cut = Path(shutil.copytree(home, tmp_path / "home"))
    with sqlite3.connect(cut / "ledger.sqlite") as connection:
        connection.execute("DROP TRIGGER calls_made_refuses_delete")
        connection.execute("DELETE FROM calls_made WHERE seq = 3")
    connection.close()
    ran = sectorwise("track", "--verify", home=cut)
    assert ran.code == 3
    assert f"lacks 1 kept reports, the first of run {runs_of(home)[2]['run']}" in ran.error
