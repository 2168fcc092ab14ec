import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.desk import DeskSource
from app.files.holdings import store_holdings
from app.files.universes import load_universes
from app.journals.journal import Journal
from app.settings import Settings
from app.snapshots import keep_snapshots
from core.errors import DateError
from core.records.desk import Desk
from core.records.holdings import Holdings, Position
from tests.app.test_one_decision import reported
from tests.core.decisions import FRIDAY, TOY, report_of, taken

MANDATES = """
universe = "toy"

[[versions]]
valid_from = 2024-01-01
author = "desk"
reason = "start"
sector_cap = 0.4

[[versions]]
valid_from = 2024-06-25
author = "desk"
reason = "less"
sector_cap = 0.3
"""


def test_a_home_without_anything_brings_the_packaged_limits_only(tmp_path: Path) -> None:
    assert DeskSource(Settings(home=tmp_path)).desk(TOY, FRIDAY, "1M") == Desk()


def test_the_mandate_is_the_version_in_force(tmp_path: Path) -> None:
    (tmp_path / "limits.toml").write_text(MANDATES)
    source = DeskSource(Settings(home=tmp_path, mandate=tmp_path / "limits.toml"))
    before, after = (
        source.desk(TOY, day, "1M").mandate for day in (FRIDAY, FRIDAY + timedelta(days=7))
    )
    assert (before.version, before.sector_cap) == (1, 0.4)
    assert (after.version, after.sector_cap) == (2, 0.3)
    other = TOY.model_copy(update={"id": "other"})
    assert source.desk(other, FRIDAY, "1M").mandate.packaged
    with pytest.raises(DateError, match="2024-01-01"):
        source.desk(TOY, date(2023, 12, 29), "1M")


def test_the_holdings_are_those_of_the_date(tmp_path: Path) -> None:
    held = Holdings(
        universe="toy",
        dated=FRIDAY,
        source="book.csv",
        positions=(Position(sector="a", weight=0.5),),
    )
    store_holdings(tmp_path, held)
    source = DeskSource(Settings(home=tmp_path))
    assert source.desk(TOY, FRIDAY, "1M").holdings == held
    assert source.desk(TOY, FRIDAY - timedelta(days=1), "1M").holdings is None


def test_the_predecessor_is_of_the_same_home(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "1"
    folder.mkdir(parents=True)
    report = report_of(taken())
    keep_snapshots(folder, report)
    (folder / "run.json").write_text("{}")
    desk = DeskSource(Settings(home=tmp_path)).desk(TOY, FRIDAY + timedelta(days=7), "1M")
    assert desk.predecessor is not None
    assert desk.predecessor.report_sha256 == report.content_hash()


@pytest.mark.prove
def test_a_damaged_log_gives_no_card_and_is_told(demo_home: Path, tmp_path: Path) -> None:
    demo, url = load_universes()["demo"], f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    settings = Settings(home=demo_home, database_url=url)
    told: list[str] = []
    source = DeskSource(settings, tell=told.append)
    empty = source.report_card(demo, date(2024, 12, 20), "1W")
    assert empty is not None
    assert (empty.reports_count, empty.hit_fraction) == (0, None)
    report = reported(demo_home, "demo", date(2024, 12, 13), "1W")
    journal = Journal(url)
    journal.append(report, recorded_at=datetime(2024, 12, 13, 20, tzinfo=UTC))
    card = source.report_card(demo, date(2024, 12, 20), "1W")
    assert card is not None
    assert card.live_since == date(2024, 12, 13)
    assert card.settled_count == card.live_count > 0
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        connection.execute("DROP TRIGGER calls_made_refuses_update")
        connection.execute("UPDATE calls_made SET recorded_at = '2020-01-01T00:00:00+00:00'")
    connection.close()
    assert source.report_card(demo, date(2024, 12, 20), "1W") is None
    assert [sentence[:7] for sentence in told] == ["entry 1"]
