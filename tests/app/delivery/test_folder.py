"""The folder sink: whole files, and a repeat that changes nothing."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from app.delivery.folder import Folder
from tests.app.delivery.posts import alert, row


def test_a_repeat_writes_the_same_bytes_under_the_same_names(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF")
    message = alert("alert|flow|tech").model_copy(update={"attachments": (str(file),)})
    box = tmp_path / "box"
    assert asyncio.run(Folder(box).sent(row(message))).result == "sent"
    kept = {path.name: path.read_bytes() for path in box.iterdir()}
    assert asyncio.run(Folder(box).sent(row(message))).result == "sent"
    assert {path.name: path.read_bytes() for path in box.iterdir()} == kept
    assert set(kept) == {
        f"{message.name}.json", f"{message.name}.txt", f"{message.name}.report.pdf",
    }  # fmt: skip
    told = json.loads(kept[f"{message.name}.json"])
    assert told["key"] == message.key
    assert told["files"] == [f"{message.name}.report.pdf"]
    assert box.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_written_is_not_reached_and_nothing_half_is_left(
    tmp_path: Path,
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    outcome = asyncio.run(Folder(blocked / "box").sent(row(alert("a"))))
    assert outcome.result == "unreachable"
    assert str(tmp_path) not in str(outcome.reason)


def test_a_disk_that_is_full_leaves_no_part_of_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    outcome = asyncio.run(Folder(tmp_path / "box").sent(row(alert("a"))))
    assert outcome.reason == "the folder cannot be written: No space left on device"
    assert list((tmp_path / "box").iterdir()) == []
