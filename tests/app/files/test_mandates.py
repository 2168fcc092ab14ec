"""Mandates of the user: the version in force at a date, checked and compared before they act."""

from datetime import date
from pathlib import Path

import pytest

from app.files.mandates import load_book, mandate_at
from core.errors import DateError, MandateError
from core.records.mandate import Mandate
from tests.app.command import sectorwise

BOOK = """
id = "house"
universe = "demo"
[[versions]]
valid_from = 2024-01-01
author = "An"
sector_cap = 0.4
[[versions]]
valid_from = 2025-01-01
author = "Binh"
reason = "committee of 20 December"
sector_cap = 0.3
caps = {energy = 0.15}
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "house.toml"
    path.write_text(BOOK, encoding="utf-8")
    return path


def test_a_report_uses_the_version_in_force_on_its_date(book: Path) -> None:
    versions = load_book(book)
    assert mandate_at(versions, date(2024, 12, 31)).sector_cap == 0.4
    assert mandate_at(versions, date(2025, 1, 1)).sector_cap == 0.3


def test_before_the_first_version_there_is_none(book: Path) -> None:
    with pytest.raises(DateError, match="mandate house begins on 2024-01-01, 2023-12-31 is before"):
        mandate_at(load_book(book), date(2023, 12, 31))


def test_a_book_of_one_universe_says_nothing_of_another(book: Path) -> None:
    versions = load_book(book)
    assert mandate_at(versions, date(2025, 6, 1), universe="us") == Mandate()
    assert mandate_at(versions, date(2025, 6, 1), universe="demo").version == 2


def test_without_a_file_the_packaged_limits_hold() -> None:
    assert mandate_at(load_book(None), date(1990, 1, 1)).packaged


def test_a_file_of_plain_limits_is_one_version_named_after_it(tmp_path: Path) -> None:
    path = tmp_path / "My Fund.toml"
    path.write_text("turnover = 0.2\n")
    found = load_book(path).versions[0]
    assert (found.id, found.version, found.turnover) == ("my-fund", 1, 0.2)


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_an_unreadable_file_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "own.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MandateError, match=r"own.toml cannot be read"):
        load_book(path)


def test_check_shows_every_versions_limits(tmp_path: Path, book: Path) -> None:
    ran = sectorwise("mandate", "check", str(book), home=tmp_path)
    assert ran.code == 0, ran.error
    for shown in ("version 1, from 2024-01-01", "version 2, from 2025-01-01", "40 %", "30 %"):
        assert shown in ran.out
    assert "Binh, committee of 20 December" in ran.out


def test_check_tells_whether_the_limits_can_hold(demo_home: Path, book: Path) -> None:
    ran = sectorwise("mandate", "check", str(book), "-u", "demo", home=demo_home)
    assert ran.code == 0, ran.error
    assert "its limits can all hold" in ran.out


def test_check_names_the_conflict_and_the_way_out(demo_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "tight.toml"
    path.write_text("sector_cap = 0.02\ncash_cap = 0.1\n")
    words = ("mandate", "check", str(path), "-u", "demo")
    ran = sectorwise(*words, home=demo_home)
    assert ran.code == 2
    assert len(ran.error.strip().splitlines()) == 1
    assert "sector_cap 2 %" in ran.error
    assert "raise" in ran.error
    (verdict,) = sectorwise(*words, "--json", home=demo_home).json()["verdicts"]  # type: ignore[index]  # a JSON object
    assert verdict["possible"] is False
    assert verdict["conflict"]["relaxations"]


def test_check_refuses_a_book_of_another_universe(demo_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "vn.toml"
    path.write_text('universe = "vn"\nturnover = 0.2\n')
    ran = sectorwise("mandate", "check", str(path), "-u", "demo", home=demo_home)
    assert (ran.code, "is of vn: use -u vn" in ran.error) == (2, True)
    empty = sectorwise("mandate", "check", str(path), "-u", "vn", home=tmp_path)
    assert (empty.code, "sectorwise import" in empty.error) == (3, True)


def test_diff_shows_what_changed_who_and_why(tmp_path: Path, book: Path) -> None:
    ran = sectorwise("mandate", "diff", str(book), home=tmp_path)
    assert ran.code == 0, ran.error
    assert "by Binh (committee of 20 December)" in ran.out
    changes = sectorwise("mandate", "diff", str(book), "--json", home=tmp_path).json()
    assert isinstance(changes, dict)
    assert changes["changes"] == [
        {"limit": "sector_cap", "before": "40 %", "after": "30 %"},
        {"limit": "caps.energy", "before": "none", "after": "15 %"},
    ]


def test_diff_compares_dates_to_come_and_other_files(tmp_path: Path, book: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("sector_cap = 0.3\n")
    words = ("mandate", "diff", str(book))
    same = sectorwise(*words, "--from", "2024-02-01", "--to", "2024-12-31", home=tmp_path)
    assert "no limit differs" in same.out
    later = sectorwise(*words, "--from", "2024-02-01", "--to", "2099-12-31", home=tmp_path)
    assert "caps.energy" in later.out
    between = sectorwise(*words, str(other), home=tmp_path)
    assert "caps.energy" in between.out
    alone = sectorwise("mandate", "diff", str(other), home=tmp_path)
    assert (alone.code, "has one version" in alone.error) == (2, True)
    before = sectorwise(*words, "--from", "2020-01-01", home=tmp_path)
    assert (before.code, "begins on 2024-01-01" in before.error) == (2, True)


def test_a_weight_of_no_factor_is_found_before_a_report_is(demo_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("factor_weights = {foo = 1.0}\n")
    ran = sectorwise("mandate", "check", str(path), "-u", "demo", home=demo_home)
    assert ran.code == 2
    assert "foo is no factor" in ran.out + ran.error


def test_a_file_that_states_nothing_is_no_mandate(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("# nothing yet\n")
    ran = sectorwise("mandate", "check", str(path), home=tmp_path)
    assert (ran.code, "states no limit" in ran.error) == (2, True)
