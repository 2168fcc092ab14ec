import json
import re
import shutil
from pathlib import Path

import pytest

from app.cli.reporting import signed
from core.errors import CallerError
from core.records.desk import Signatures
from tests.app.command import sectorwise


def test_names_become_signatures_and_an_unnamed_hand_stays_empty() -> None:
    made = signed(prepared="An", reviewed="", approved="Bình")
    assert made == Signatures(prepared="An", approved="Bình")


def test_a_name_the_foot_has_no_room_for_is_refused_with_its_option() -> None:
    with pytest.raises(CallerError, match=r"--reviewed has 81 characters: at most 80"):
        signed(prepared="", reviewed="x" * 81, approved="")


@pytest.mark.prove
def test_who_signs_is_in_the_report_and_at_its_foot(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    ran = sectorwise(
        "report", "--prepared", "An <b>", "--approved", "Bình", "--formats", "json,md,email",
        "--out", str(tmp_path / "out"), home=home,
    )  # fmt: skip
    assert ran.code == 0, ran.error
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["signatures"] == {"prepared": "An <b>", "reviewed": "", "approved": "Bình"}
    mail = (tmp_path / "out" / "report.email.html").read_text(encoding="utf-8")
    assert re.search(r"Prepared by: An &lt;b&gt; · Reviewed by: …+ · Approved by: Bình", mail)
