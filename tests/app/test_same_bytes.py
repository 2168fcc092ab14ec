import shutil
from pathlib import Path

import pytest

from tests.app.command import sectorwise, sectorwise_apart
from tests.app.replaying import digests
from tests.clocks import at

FORMATS = ("json,md", "json,html,pdf,md,png")
"""Of a sample and of all: printing and pictures take most of a report's time."""


PLACES = (
    {"PYTHONHASHSEED": "2", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C.UTF-8", "LANG": "vi_VN"},
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
)


@pytest.mark.parametrize(
    ("places", "formats"),
    [(PLACES[:1], FORMATS[0]), pytest.param(PLACES, FORMATS[1], marks=pytest.mark.prove)],
)
def test_processes_in_other_places_write_the_same_bytes_as_this_one(
    demo_home: Path, tmp_path: Path, places: tuple[dict[str, str], ...], formats: str
) -> None:
    written = []
    for number, place in enumerate((None, *places)):
        home = Path(shutil.copytree(demo_home, tmp_path / f"home{number}"))
        out = tmp_path / f"out{number}"
        asked = ("report", "--out", str(out), "--formats", formats)
        ran = (
            sectorwise_apart(*asked, home=home, env=place)
            if place
            else sectorwise(*asked, home=home)
        )
        assert ran.code == 0, ran.error
        written.append(digests(out))
    assert len(written[0]) == len(formats.split(","))
    assert all(other == written[0] for other in written[1:])


@pytest.mark.prove
def test_a_replay_misses_loudly_what_was_not_recorded(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    done = sectorwise(
        "report", "--formats", "json", "--out", str(tmp_path / "o"), "--json", home=home
    )
    document = done.json()
    assert isinstance(document, dict)
    recording = tmp_path / "recording.json"
    sectorwise("record", document["run"], "--out", str(recording), home=home)
    text = recording.read_text()
    recording.write_text(text.replace('"horizon": "1M"', '"horizon": "3M"', 1))
    asked = sectorwise(
        "ask", "Which sectors lead in Vietnam?", "--replay", str(recording), home=home
    )
    assert asked.code == 4, asked.error


@pytest.mark.prove
def test_the_day_of_asking_changes_no_byte_of_a_report(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    written = []
    for day in ("2025-01-02", "2031-05-05"):
        with at(f"{day} 12:00"):
            ran = sectorwise("report", "--formats", "json", "--out", str(tmp_path / day), home=home)
        assert ran.code == 0, ran.error
        written.append(digests(tmp_path / day))
    assert written[0] == written[1]
