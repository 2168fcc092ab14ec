import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.render.bundle import FILE_OF, FORMATS, render
from core.errors import CallerError, UnknownUniverseError
from core.records.report import Report
from tests.app.render.sample_report import sample_report, universe
from tests.app.render.samples import full_report

ROOT = Path(__file__).parents[3]
AT_ONCE = ("pdf", "html", "xlsx")
"""The forms libraries make."""
SCRIPT = """
import hashlib, sys
from pathlib import Path
from tests.app.render.sample_report import sample_report, universe
from app.render.bundle import render
report = sample_report("vn", language="vi")
worlds = {"vn": universe("vn")}
for form, path in render(report, worlds, out_dir=Path(sys.argv[1])).items():
    print(form, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def _hashes(out: Path, **environment: str) -> str:
    keep = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(out)}
    made = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(out)],
        env=keep | environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return made.stdout


@pytest.mark.prove
def test_equal_reports_are_equal_bytes_in_any_process_time_zone_and_locale(tmp_path: Path) -> None:
    one = _hashes(tmp_path / "a", PYTHONHASHSEED="1", TZ="Asia/Ho_Chi_Minh", LC_ALL="C")
    two = _hashes(tmp_path / "b", PYTHONHASHSEED="77", TZ="America/New_York", LC_ALL="C.UTF-8")
    assert one.count("\n") == len(FORMATS) - 1
    assert one == two


def test_bytes_do_not_depend_on_what_was_rendered_before(tmp_path: Path) -> None:
    worlds = {"us": universe("us")}
    first = render(sample_report("us"), worlds, formats=["html"], out_dir=tmp_path / "a")
    render(sample_report("demo"), {"demo": universe("demo")}, formats=["html"], out_dir=tmp_path)
    again = render(sample_report("us"), worlds, formats=["html"], out_dir=tmp_path / "b")
    for form, path in first.items():
        assert path.read_bytes() == again[form].read_bytes()


def test_reports_rendered_at_once_have_the_bytes_of_reports_rendered_one_by_one(
    tmp_path: Path,
) -> None:
    names = ("us", "demo")

    def rendered(folder: str, name: str) -> dict[str, str]:
        report, worlds = sample_report(name), {name: universe(name)}
        made = render(report, worlds, formats=AT_ONCE, out_dir=tmp_path / folder)
        return {form: hashlib.sha256(path.read_bytes()).hexdigest() for form, path in made.items()}

    with ThreadPoolExecutor(len(names)) as threads:
        at_once = [threads.submit(rendered, f"thread-{i}", name) for i, name in enumerate(names)]
        made = [one.result() for one in at_once]
    assert made == [rendered(name, name) for name in names]


def test_only_the_formats_asked_for_are_written(tmp_path: Path) -> None:
    made = render(
        sample_report("us"), {"us": universe("us")}, formats=["md", "json"], out_dir=tmp_path
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "report.md"]
    assert made == {"json": tmp_path / "report.json", "md": tmp_path / "report.md"}


def test_orders_are_a_file_only_where_there_are_orders(tmp_path: Path) -> None:
    worlds = {"us": universe("us")}
    bare = render(full_report("us", held=False), worlds, formats=["orders"], out_dir=tmp_path)
    assert bare == {}
    held = render(full_report("us"), worlds, formats=["orders"], out_dir=tmp_path)
    lines = held["orders"].read_text(encoding="utf-8").splitlines()
    orders = [o for o in full_report("us").trades[0].orders if o.quantity_count]
    assert len(lines) == len(orders) + 1


def test_the_page_to_print_comes_first_and_every_form_has_its_file() -> None:
    assert FORMATS[0] == "pdf"
    assert list(FILE_OF) == list(FORMATS)
    assert len(set(FILE_OF.values())) == len(FORMATS)


def test_the_json_form_is_the_report(tmp_path: Path) -> None:
    report = sample_report("us")
    path = render(report, {"us": universe("us")}, formats=["json"], out_dir=tmp_path)["json"]
    again = Report.model_validate(json.loads(path.read_text(encoding="utf-8")))
    assert again.content_hash() == report.content_hash()


def test_an_unknown_format_or_universe_names_itself(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="docx"):
        render(sample_report("us"), {"us": universe("us")}, formats=["docx"], out_dir=tmp_path)
    with pytest.raises(UnknownUniverseError, match="us"):
        render(sample_report("us"), {}, formats=["html"], out_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_earlier_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = {"us": universe("us")}
    path = render(sample_report("us"), worlds, formats=["md"], out_dir=tmp_path)["md"]
    before = hashlib.sha256(path.read_bytes()).hexdigest()

    def fails(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(OSError, match="disk full"):
        render(sample_report("us", language="vi"), worlds, formats=["md"], out_dir=tmp_path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert [item.name for item in tmp_path.iterdir()] == [FILE_OF["md"]]
