import os
from pathlib import Path

from tests.folders import PREFIX, YOUNG_SECONDS, held_folder


def aged(folder: Path) -> Path:
    """Let the folder be older than one that is about to be held."""
    made = folder.stat().st_mtime - 2 * YOUNG_SECONDS
    os.utime(folder, (made, made))
    return folder


def test_a_runs_folder_is_gone_after_it_and_others_remove_only_what_nobody_holds(
    tmp_path: Path,
) -> None:
    left, young, other = (tmp_path / name for name in (f"{PREFIX}a", f"{PREFIX}b", "other"))
    for folder in (left, young, other):
        folder.mkdir()
    for folder in (left, other):
        aged(folder)
    with held_folder(tmp_path) as first:
        aged(first)
        with held_folder(tmp_path) as second:
            assert set(tmp_path.iterdir()) == {first, second, young, other}
    assert set(tmp_path.iterdir()) == {young, other}
