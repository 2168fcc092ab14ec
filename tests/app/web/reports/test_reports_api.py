import csv
import io
import json
import re
import shutil
from datetime import date
from zipfile import ZipFile

import openpyxl
import pytest
from fastapi.testclient import TestClient

from app.cli.serving_pages import opened_house
from app.files.universes import load_universes
from app.render.bundle import FILE_OF
from app.settings import Settings
from app.web.application import web_application
from app.web.reports.files import TYPES, report_file
from core.records.sectors import Quadrant
from tests.app.web.asking import client_of
from tests.app.web.reports.conftest import EARLIER, LATER, Kept
from tests.homes import FITTED_WITH

STARTS = {
    "pdf": b"%PDF-", "png": b"\x89PNG", "xlsx": b"PK", "html": b"<!doctype html>",
    "email": b"<!doctype html>", "md": b"# ", "json": b"{",
    "csv": b"universe,sector,name,", "orders": b"universe,",
}  # fmt: skip
FORMS: dict[str, str] = dict(FILE_OF.items())
NAMED = re.compile(r'attachment; filename="([a-z0-9-]+)\.([a-z]+)"')
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
HOSTILE = ('=HYPERLINK("http://x","y")', "@SUM(1)", "+1+1", "-2+3|cmd")


def cells_of(content: bytes) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]


def is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell) is not None


def test_every_report_is_listed_with_what_a_reader_chooses_by(kept: Kept) -> None:
    told = kept.client.get("/api/reports", params={"universe": "demo", "lang": "vi"}).json()
    rows = {row["run"]: row for row in told["rows"]}
    assert list(rows) == sorted([kept.earlier, kept.later, kept.what_if], reverse=True)
    later = rows[kept.later]
    assert (later["as_of"], later["language"], later["model"]) == ([str(LATER)], "en", None)
    assert (later["synthetic"], later["plain"], later["question"]) == (True, True, "")
    assert not rows[kept.what_if]["plain"]
    assert "5,0%" in rows[kept.what_if]["stated"]
    assert later["stated"] == ""
    assert rows[kept.what_if]["gaps_count"] == len(kept.reports[kept.what_if].gaps)
    assert kept.client.get("/api/reports", params={"universe": "us"}).json()["rows"] == []


def test_a_list_goes_on_where_it_ended(kept: Kept) -> None:
    first = kept.client.get("/api/reports", params={"limit": 2, "plain": True}).json()
    assert [row["run"] for row in first["rows"]] == [kept.later, kept.earlier]
    assert not first["more"]
    one = kept.client.get("/api/reports", params={"limit": 1}).json()
    assert one["more"]
    rest = kept.client.get("/api/reports", params={"before": one["rows"][0]["run"]}).json()
    assert [row["run"] for row in rest["rows"]] == [kept.later, kept.earlier]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_sent_with_its_type_under_a_name_of_ids_alone(kept: Kept, form: str) -> None:
    file = FORMS[form]
    answer = kept.client.get(f"/api/reports/{kept.later}/files/{file}")
    assert answer.status_code == 200
    assert answer.content.startswith(STARTS[form])
    assert answer.headers["content-type"] == TYPES[file.rpartition(".")[2]]
    said = NAMED.fullmatch(answer.headers["content-disposition"])
    assert said is not None
    assert said[1].startswith(kept.later)
    assert said[2] == file.rpartition(".")[2]


def test_a_form_goes_by_its_short_name_too(kept: Kept) -> None:
    path = f"/api/reports/{kept.later}/files"
    for form in ("csv", "orders", "json"):
        long = kept.client.get(f"{path}/{FORMS[form]}").content
        assert kept.client.get(f"{path}/{form}").content == long


def test_a_file_speaks_the_language_asked_for_and_its_own_otherwise(kept: Kept) -> None:
    def page(**query: str) -> str:
        return kept.client.get(f"/api/reports/{kept.later}/files/md", params=query).text

    assert page() == page(lang="en")
    assert "Kết luận" in page(lang="vi")
    assert "Bottom line" in page()


def test_a_report_on_paper_stands_alone_and_cannot_act(kept: Kept) -> None:
    answer = kept.client.get(
        f"/api/reports/{kept.later}/files/report.html", params={"inline": True}
    )
    assert answer.headers["content-disposition"].startswith("inline")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert policy.endswith("sandbox")
    assert "<script" not in answer.text


def test_no_cell_of_a_file_is_a_formula_whatever_names_say(kept: Kept) -> None:
    universes = load_universes()
    demo = universes["demo"]
    named = [
        sector.model_copy(update={"name_en": HOSTILE[place % len(HOSTILE)]})
        for place, sector in enumerate(demo.sectors)
    ]
    hostile = universes | {"demo": demo.model_copy(update={"sectors": tuple(named)})}
    report = kept.reports[kept.what_if]
    for form in ("csv", "orders"):
        made = report_file(report, hostile, form, run=kept.what_if, home=kept.home).content
        cells = cells_of(made)
        assert not [cell for cell in cells if cell.startswith(RISKY) and not is_number(cell)]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells_of(
        report_file(report, hostile, "csv", run=kept.what_if, home=kept.home).content
    ))  # fmt: skip
    book = report_file(report, hostile, "xlsx", run=kept.what_if, home=kept.home).content
    sheets = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    values = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    assert any("HYPERLINK" in str(cell.value) for cell in values)
    assert not [cell for cell in values if cell.data_type == "f"]
    with ZipFile(io.BytesIO(book)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


@pytest.mark.parametrize(
    "path",
    [
        "/api/reports/20200101-000000-abcdef",
        "/api/reports/20200101-000000-abcdef/files/pdf",
        "/api/reports/..%2f..%2fledger/files/pdf",
        "/api/reports/%2e%2e/files/json",
        "/api/reports/runs%00/files/pdf",
    ],
)
def test_what_is_no_report_is_one_sentence(kept: Kept, path: str) -> None:
    answer = kept.client.get(path)
    assert answer.status_code in {404, 422}
    assert list(answer.json()) == ["error"]
    assert str(kept.home) not in answer.text


@pytest.mark.parametrize("form", ["report.exe", "run.json", "desks.json", "..%2frun.json", "PDF"])
def test_no_other_file_of_a_run_is_sent(kept: Kept, form: str) -> None:
    answer = kept.client.get(f"/api/reports/{kept.later}/files/{form}")
    assert answer.status_code in {404, 422}
    assert list(answer.json()) == ["error"]


def test_nothing_is_left_in_the_home_by_rendering(kept: Kept) -> None:
    before = sorted(path.name for path in kept.home.iterdir())
    kept.client.get(f"/api/reports/{kept.later}/files/csv")
    assert sorted(path.name for path in kept.home.iterdir()) == before


def test_every_number_of_a_page_says_where_it_was_read(kept: Kept) -> None:
    told = kept.client.get(f"/api/reports/{kept.later}").json()
    known = {item["id"] for item in told["origins"]}
    evidence = {fact.id: fact.evidence for fact in kept.reports[kept.later].facts}
    bound = []
    for market in told["universes"]:
        for block in (*market["front"], *market["details"]):
            bound += list(cells_in(block))
    sourced = [cell for cell in bound if cell.get("fact")]
    assert len(sourced) > 200
    for cell in sourced:
        origin = re.split(r"[./]", cell["fact"])[0]
        if evidence.get(cell["fact"]) is not None:
            assert origin == evidence[cell["fact"]]
            assert origin in known
    assert told["files"][0] == "report.pdf"
    assert "orders.csv" in told["files"]


def cells_in(part: object) -> list[dict[str, str]]:
    if isinstance(part, list):
        return [cell for item in part for cell in cells_in(item)]
    if not isinstance(part, dict):
        return []
    own = [part] if "fact" in part else []
    return own + [cell for item in part.values() for cell in cells_in(item)]


def test_two_reports_stand_side_by_side_with_causes(kept: Kept) -> None:
    told = kept.client.get("/api/comparison", params={"a": kept.later, "b": kept.what_if}).json()
    (one,) = told["universes"]
    assert (one["before_as_of"], one["after_as_of"]) == (str(LATER), str(LATER))
    weights = {row["sector"]: row for row in one["sectors"]}
    capped = weights["technology"]
    assert capped["after_weight"] == 0.05
    assert capped["before_weight"] > capped["after_weight"]
    assert capped["before_rank"] == capped["after_rank"]
    rows = one["changes"]["tables"][0]["rows"]
    causes = {row[4]["text"] for row in rows if row[1]["text"].startswith("weight")}
    assert causes == {"mandate"}
    assert all(pair["before"] != pair["after"] for pair in one["sentences"])
    back = kept.client.get("/api/comparison", params={"a": kept.what_if, "b": kept.later}).json()
    reverse = {row["sector"]: row for row in back["universes"][0]["sectors"]}
    assert reverse["technology"]["before_weight"] == 0.05
    same = kept.client.get("/api/comparison", params={"a": kept.later, "b": kept.later})
    assert (same.status_code, list(same.json())) == (400, ["error"])


def test_a_what_if_stands_beside_its_own_evidence_without_its_limits(kept: Kept) -> None:
    told = kept.client.get("/api/comparison", params={"b": kept.what_if}).json()
    assert "before" not in told
    (one,) = told["universes"]
    assert (one["before_as_of"], one["after_as_of"]) == (str(LATER), str(LATER))
    (free,) = kept.reports[kept.what_if].before
    for row in one["sectors"]:
        line = next(line for line in free.lines if line.sector == row["sector"])
        assert row["before_weight"] == line.target_weight
        assert row["before_score"] == row["after_score"]
    rows = one["changes"]["tables"][0]["rows"]
    assert {row[4]["text"] for row in rows if row[1]["text"].startswith("weight")} == {"mandate"}
    plain = kept.client.get("/api/comparison", params={"b": kept.later})
    assert (plain.status_code, "states no limits" in plain.json()["error"]) == (400, True)


def test_a_later_report_tells_what_moved_since_the_earlier_one(kept: Kept) -> None:
    told = kept.client.get(
        "/api/comparison", params={"a": kept.earlier, "b": kept.later, "lang": "vi"}
    ).json()
    (one,) = told["universes"]
    assert (one["before_as_of"], one["after_as_of"]) == (str(EARLIER), str(LATER))
    assert one["why_not"] is None
    own = kept.reports[kept.later].changes[0].rows
    assert len(one["changes"]["tables"][0]["rows"]) == len(own)
    quadrants: tuple[Quadrant, ...] = ("LEADING", "LAGGING")
    assert not any(name in json.dumps(one["sentences"]) for name in quadrants)


def test_a_damaged_record_is_a_sentence_and_the_others_are_still_listed(kept: Kept) -> None:
    bad = kept.home / "runs" / "20990101-000000-ffffff"
    shutil.copytree(kept.home / "runs" / kept.later, bad)
    (bad / "run.json").write_text('{"run": 1}')
    broken = kept.home / "runs" / "20990101-000000-eeeeee"
    shutil.copytree(kept.home / "runs" / kept.later, broken)
    (broken / "report.json").write_text("{")
    try:
        with client_of(kept.home) as client:
            told = client.get("/api/reports").json()
            assert len(told["damaged"]) == 1
            assert bad.name in told["damaged"][0]
            assert {kept.later, broken.name} <= {row["run"] for row in told["rows"]}
            for name in (bad.name, broken.name):
                answer = client.get(f"/api/reports/{name}")
                assert answer.status_code == 503
                assert name in answer.json()["error"]
    finally:
        shutil.rmtree(bad)
        shutil.rmtree(broken)


def test_a_server_of_an_earlier_day_knows_no_later_report(kept: Kept) -> None:
    settings = Settings(home=kept.home, views=FITTED_WITH)
    house = opened_house(settings, load_universes(), latest=date(2024, 12, 1))
    with TestClient(web_application(house)) as client:
        assert [row["run"] for row in client.get("/api/reports").json()["rows"]] == [kept.earlier]
        assert client.get(f"/api/reports/{kept.later}").status_code == 404
        assert client.get(f"/api/reports/{kept.later}/files/json").status_code == 404
        view = client.get("/api/universes/demo/allocation").json()
        assert view["row"]["run"] == kept.earlier
