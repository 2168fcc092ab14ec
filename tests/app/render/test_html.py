import base64
import hashlib
import re

import pytest

from app.render.html import html
from app.render.page import page
from core.records.payloads import StatusResult
from core.records.report import Report
from tests.app.render.html_probe import Node, probe
from tests.app.render.sample_report import sample_report, universe
from tests.app.render.samples import full_report

PROVENANCE = {"calls", "sources", "inferred"}
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><svg/onload=alert(1)>",
    "{{ 7*7 }} {% raw %}",
    "javascript:alert(1) <a href=//evil>x</a>",
)


def _html(report: Report) -> str:
    return html(page(report, {name: universe(name) for name in report.request.universes}))


@pytest.fixture(scope="module")
def us_page() -> str:
    return _html(sample_report("us"))


def _table_of(node: Node) -> str:
    table = node.inside("table")
    return table["class"] if table else ""


@pytest.mark.parametrize(("name", "language"), [("us", "en"), ("vn", "vi")])
def test_every_number_in_a_table_says_where_it_came_from(name: str, language: str) -> None:
    read = probe(_html(full_report(name, language="vi" if language == "vi" else "en")))
    numbers = [
        node
        for node in read.nodes
        if node.inside("tbody") is not None
        and _table_of(node) not in PROVENANCE
        and re.search(r"\d", node.text)
        and not re.fullmatch(r"\s*ICB\d+\s*", node.text)
    ]
    assert len(numbers) > 200
    assert [node.text for node in numbers if " · " not in node.title] == []


def test_a_source_names_measure_evidence_pointer_date_and_benchmark(us_page: str) -> None:
    titles = [attrs["title"] for _, attrs in probe(us_page).seen if "title" in attrs]
    wanted = (
        "1-month excess return · us-01-sector_heatmap /rows/0/excess_1m_pct · as of 27 Dec 2024"
        " · against SPDR S&P 500 ETF"
    )
    assert any(title.casefold().startswith(wanted.casefold()) for title in titles)


def test_every_source_of_a_number_leads_to_a_fact_of_the_report(us_page: str) -> None:
    report = sample_report("us")
    known = {(fact.evidence or fact.formula, fact.pointer) for fact in report.facts}
    ids = {evidence.id for evidence in report.evidence} | {"scorecard", "allocation"}
    titles = [attrs["title"] for _, attrs in probe(us_page).seen if "title" in attrs]
    named = {tuple(part.split(" ")) for title in titles for part in title.split(" · ")
             if part.split(" ")[0] in ids and " /" in part}  # fmt: skip
    whole_rows = {pair for pair in named if re.fullmatch(r"/[a-z]+/\d+", pair[1])}
    loose = named - known - whole_rows
    assert len(named & known) > 300
    assert {pointer.split("/")[1] for _, pointer in loose} <= {"as_of", "known_at", "sources"}


def test_the_page_asks_for_nothing_and_runs_nothing(us_page: str) -> None:
    assert "http" not in us_page.replace('xmlns="http://www.w3.org/2000/svg"', "").replace(
        "http-equiv", ""
    )
    tags = {tag for tag, _ in probe(us_page).seen}
    assert not tags & {"script", "iframe", "object", "link", "img", "form", "a"}
    assert not [a for _, a in probe(us_page).seen if "style" in a or any(k[:2] == "on" for k in a)]


def test_the_policy_allows_only_the_style_of_the_page(us_page: str) -> None:
    style = re.search(r"<style>(.*?)</style>", us_page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in us_page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_users_words_stay_words(payload: str) -> None:
    read = probe(_html(sample_report("us", text=payload)))
    plain = probe(_html(sample_report("us", text="plain")))
    shape = [tag for tag, _ in read.seen]
    assert shape == [tag for tag, _ in plain.seen]
    assert any(payload in node.text for node in read.nodes)


def test_a_missing_cell_is_hatched_and_says_why(us_page: str) -> None:
    read = probe(us_page)
    hatched = [
        (node.text, node.title)
        for node in read.nodes
        if any("missing" in attrs.get("class", "").split() for _, attrs in node.tags)
        and _table_of(node) == "heatmap"
    ]
    assert len(hatched) == 2
    assert hatched[0] == ("– a", hatched[0][1])
    assert hatched[0][1].startswith("history too short")
    assert hatched[1][1].startswith("no fitted model")
    assert any(node.text.startswith("a: history too short") for node in read.nodes)


@pytest.mark.parametrize(("names", "expected"), [(("us",), 0), (("demo",), 1), (("us", "demo"), 1)])
def test_the_synthetic_bar_is_there_if_and_only_if_data_are_synthetic(
    names: tuple[str, ...], expected: int
) -> None:
    text = _html(sample_report(*names))
    assert len(re.findall(r'<p class="synthetic"', text)) == expected


def test_each_recommendation_argues_for_and_against_from_the_contributions() -> None:
    report = sample_report("us")
    made = page(report, {"us": universe("us")})
    table = made.universes[0].actions.tables[0]
    parts = {
        score.sector: {p.factor: p.contribution for p in score.contributions}
        for score in report.scorecards[0].sectors
    }
    names = {sector.ticker: sector.id for sector in universe("us").sectors}
    for row in table.rows:
        known = parts[names[row[0].plain.split()[-1]]]
        sides = [[c for c in row[place].parts if c.fact] for place in (5, 6)]
        assert all(1 <= len(side) <= 2 for side in sides)
        sign = 1 if row[2].plain == "overweight" else -1
        for side, way in zip(sides, (sign, -sign), strict=True):
            factors = [cell.fact.rsplit(".", 1)[-1] for cell in side]
            values = [known[factor] or 0.0 for factor in factors]
            assert all(value * way > 0 for value in values)
            best = max((c or 0.0) * way for c in known.values())
            assert abs(values[0]) == pytest.approx(best)


def test_the_largest_departure_comes_first_whatever_is_said_and_at_most_six_are_shown() -> None:
    report = sample_report("us")
    lines = [
        line for line in report.allocations[0].lines if line.stance in ("overweight", "underweight")
    ]
    order = sorted(lines, key=lambda line: -abs(line.target_weight - line.benchmark_weight))
    said = next(s for s in report.sentences if s.section == "recommendation")
    about = said.model_copy(update={"entity": order[-1].sector})
    changed = report.model_copy(update={"sentences": (about,)})
    rows = page(changed, {"us": universe("us")}).universes[0].actions.tables[0].rows
    sizes = {line.instrument: abs(line.target_weight - line.benchmark_weight) for line in lines}
    shown = [sizes[row[0].plain.split()[-1]] for row in rows]
    assert 1 < len(rows) <= 6
    assert shown[0] == pytest.approx(max(sizes.values()))
    assert shown == pytest.approx(sorted(shown, reverse=True), abs=1e-9)


def test_a_stale_data_set_carries_its_last_date(us_page: str) -> None:
    last = [row.last for e in sample_report("us").evidence if isinstance(e.result, StatusResult)
            for row in e.result.rows if row.stale]  # fmt: skip
    lamp = us_page[us_page.index('class="strip"') : us_page.index("</dl>")]
    assert last
    assert all(f"{day.day} {day:%b %Y}" in lamp for day in last)


def test_every_reason_stated_in_the_results_is_used_before_not_in_the_answers() -> None:
    for name in ("us", "vn", "demo"):
        assert "not in the answers" not in _html(sample_report(name))


def test_universes_have_their_own_sections_and_maps() -> None:
    text = _html(sample_report("us", "vn", intent="compare"))
    sections = text.split('<section class="universe">')[1:]
    assert len(sections) == 2
    assert "XLK" in sections[0]
    assert "Automobiles" not in sections[0]
    assert "XLK" not in sections[1].split("<h3>Provenance")[0]
    assert "map-us" not in sections[1]


def test_a_question_is_answered_before_the_strip() -> None:
    text = _html(sample_report("us", intent="question"))
    assert text.index("<h3>Answer</h3>") < text.index('class="strip"')
    assert "<h3>Answer</h3>" not in _html(sample_report("us"))


def test_the_parts_come_in_the_order_of_the_page() -> None:
    us_page = _html(full_report("us"))
    parts = ("Bottom line", "Actions", "Rotation map", "Predictive heatmap",
             "Textbook and history", "All sectors", "Why: ",
             "What changed", "Macro", "Risk of the target", "Report card", "Missing and stale",
             "Made from", "In words", "All weights", "What the forecast rests on",
             "The forecast&#39;s own record", "All factors", "What past rotations did",
             "Market warning", "Glossary",
             "Provenance")  # fmt: skip
    places = [us_page.index(f"<h3>{part}") for part in parts]
    assert places == sorted(places)
    assert "For information, not investment advice" in us_page
