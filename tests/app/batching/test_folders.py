import errno
import os
from pathlib import Path
from unittest.mock import patch

import pytest

from app.batching.folders import SUMS, appear, is_whole, leftovers, report_sha256


def _write(folder: Path) -> None:
    folder.mkdir()
    (folder / "report.json").write_text("{}")
    (folder / "report.html").write_text("<p>")


def test_a_folder_appears_with_the_sums_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "us"
    appear(folder, _write)
    assert is_whole(folder, ("report.html",))
    assert is_whole(folder, (), report="{}")
    assert report_sha256(folder) is not None
    assert leftovers(tmp_path) == ()


@pytest.mark.parametrize("damage", ["report.json", "report.html", SUMS])
def test_a_file_that_changed_makes_a_folder_half(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "us"
    appear(folder, _write)
    (folder / damage).write_bytes(b"\xff other")
    assert not is_whole(folder, ("report.html",))


def test_a_folder_without_a_wanted_file_is_half(tmp_path: Path) -> None:
    folder = tmp_path / "us"
    appear(folder, _write)
    assert not is_whole(folder, ("report.pdf",))
    assert not is_whole(folder, (), report="{ }")


def test_what_fails_halfway_leaves_what_stood_there(tmp_path: Path) -> None:
    folder = tmp_path / "us"
    appear(folder, _write)

    def fail(pending: Path) -> None:
        _write(pending)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        appear(folder, fail)
    assert is_whole(folder, ("report.html",))
    assert leftovers(tmp_path) == ()


def test_what_cannot_be_moved_into_its_place_leaves_what_stood_there(tmp_path: Path) -> None:
    folder = tmp_path / "us"
    appear(folder, _write)
    replace = os.replace

    def full(source: Path, target: Path) -> None:
        if source.suffix == ".pending" and target == folder:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(source, target)

    with patch.object(os, "replace", full), pytest.raises(OSError, match="No space"):
        appear(folder, _write)
    assert is_whole(folder, ("report.html",))
    assert leftovers(tmp_path) == ()
