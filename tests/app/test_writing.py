"""A file is written whole, or what was there stands; nothing is left behind."""

from pathlib import Path

import pytest

from app.writing import made_folder, write_whole


def test_a_file_is_written_anew_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    folder = made_folder(tmp_path / "runs" / "one")
    for content in (b"first", b"second"):
        write_whole(folder / "run.json", content)
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [
        ("run.json", b"second")
    ]


def test_a_failed_writing_leaves_no_file_and_no_other_writers_is_touched(tmp_path: Path) -> None:
    others = tmp_path / ".report.json.0a1b2c3d.pending"
    others.touch()
    (tmp_path / "report.json").mkdir()
    with pytest.raises(OSError, match=r"report\.json"):
        write_whole(tmp_path / "report.json", b"text")
    assert sorted(tmp_path.iterdir()) == [others, tmp_path / "report.json"]
    assert list(made_folder(tmp_path).iterdir()) == [tmp_path / "report.json"]
