from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.app.command import Ran, sectorwise


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own on the synthetic market's store, that tells into a folder."""
    folder = tmp_path_factory.mktemp("watch")
    for part in ("store", "models"):
        (folder / part).symlink_to(demo_home / part)
    (folder / "sectorwise.toml").write_text(
        f'universe = "demo"\n[sinks.desk]\nurl = "file:{folder}/out"\n', encoding="utf-8"
    )
    (folder / "rules.toml").write_text('[quiet]\nsince = "00:00"\nuntil = "00:00"\n')
    return folder


def watch(home: Path, *arguments: str) -> Ran:
    return sectorwise("watch", *arguments, home=home)


def test_once_tells_what_stands_delivers_it_and_is_done(home: Path) -> None:
    first = watch(home, "--once", "--rules", "rules.toml")
    assert first.code == 0
    assert "end" in first.out
    assert first.out.startswith("demo, ")
    assert len(list((home / "out").glob("*.json"))) >= 1
    again = watch(home, "--once", "--rules", "rules.toml")
    assert (again.code, "demo: no look is due" in again.out) == (0, True)
    quiet = watch(home, "--once", "--rules", "rules.toml", "--json")
    assert (quiet.code, quiet.out) == (0, "")
    listed = watch(home, "list").out
    assert "stale" not in listed
    assert "push" in listed


def test_an_alert_is_acknowledged_by_the_first_letters_of_its_id(home: Path) -> None:
    rows = watch(home, "list", "--json").json()
    assert isinstance(rows, dict)
    key = rows["alerts"][0]["alert"]["id"]
    assert watch(home, "ack", key[:6]).code == 0
    assert "known" in watch(home, "list").out
    missing = watch(home, "ack", "zzzz")
    assert (missing.code, "no alert" in missing.error) == (2, True)


def test_a_silence_is_kept_and_named(home: Path) -> None:
    day = datetime.now(UTC).date() + timedelta(days=9)
    told = watch(home, "silence", "--rule", "flow_turn", "--until", str(day))
    assert told.code == 0
    assert f"silent until {day}: flow_turn, every sector" in watch(home, "list").out
    for wrong in (("--rule", "flows"), ("--sector", "nowhere")):
        assert watch(home, "silence", *wrong, "--until", str(day)).code == 2
    assert watch(home, "silence", "--until", "2020-01-01").code == 2


def test_a_dry_run_says_what_it_counted(home: Path) -> None:
    shown = watch(home, "--dry-run", "--since", "2024-06-14", "--until", "2024-06-14")
    assert "demo, 2024-06-14 to 2024-06-14, 1 session" in shown.out


@pytest.mark.prove
def test_a_dry_run_counts_every_session(home: Path) -> None:
    told = watch(home, "--dry-run", "--since", "2024-06-12", "--until", "2024-06-14", "--json")
    rows = told.json()
    assert isinstance(rows, list)
    (row,) = rows
    assert (row["universe"], row["sessions_count"], len(row["months"])) == ("demo", 3, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--every", "15s"), "from 1m to 24h"),
        (("--every", "0m"), "from 1m to 24h"),
        (("-u", "mars"), "unknown"),
        (("--dry-run",), "needs --since"),
        (("--rules", "absent.toml"), "cannot be read"),
        (("--once", "-u", "demo", "--source", "yahoo"), "synthetic"),
    ],
)
def test_a_word_that_names_nothing_is_refused_in_a_sentence(
    home: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = watch(home, *arguments)
    assert (ran.code, said in ran.error) == (2, True)
