"""Each kind of question is answered first, by its own facts, and by nothing unrelated."""

from dataclasses import replace

import pytest

from agents.claims.leaders import heatmap_rows
from agents.claims.maker import Maker
from core.language.questions.demands import DEMANDS
from core.records.payloads import MomentumResult, MomentumRow
from core.records.request import Focus, Stated, Topic
from core.records.result import ToolResult
from tests.agents.claims.told import REPORT, UNIVERSES, flows, heatmap, material, texts, told

HEATMAP, FLOW = heatmap(), flows()
LEADING = [row.sector for row in HEATMAP.rows if row.weekly and row.weekly.quadrant == "LEADING"]
BOTH: dict[str, object] = {"intent": "question", "topics": ("rotation", "foreign_flow")}


def test_every_weekly_leader_is_placed_and_set_against_foreign_flow() -> None:
    said = [s for s in told(material(**BOTH)) if s.section == "answer"]
    states = {row.sector: row.state for row in FLOW.rows}
    words = {"buying": "confirm ", "selling": "contradict "}

    assert LEADING
    for sector in LEADING:
        own = [s.text for s in said if s.entity == sector]
        assert any("on weekly bars (" in text for text in own)
        assert any(f"Foreign investors {words[states[sector]]}" in text for text in own)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": "not_measurable"}, "not measurable"),
        ({"state": "flat"}, "neither confirm nor contradict"),
        ({"intensity_pct": None}, "net value"),
    ],
)
def test_a_flow_that_says_nothing_is_said_to_say_nothing(
    changes: dict[str, object], expected: str
) -> None:
    rows = tuple(row.model_copy(update=changes) for row in FLOW.rows)
    made = material(FLOW.model_copy(update={"rows": rows}), **BOTH)

    assert sum(expected in text for text in texts(made, "answer")) == len(LEADING)


def test_a_leader_the_flow_data_do_not_cover_is_said_to_be_uncovered() -> None:
    rows = tuple(row for row in FLOW.rows if row.sector not in LEADING)
    made = material(FLOW.model_copy(update={"rows": rows}), **BOTH)

    assert sum("do not cover it" in text for text in texts(made, "answer")) == len(LEADING)


def test_foreign_flow_is_ranked_buyers_then_sellers_with_streaks() -> None:
    said = told(material(intent="question", topics=("foreign_flow",)))
    answer = [s for s in said if s.section == "answer"]
    nets = {row.sector: row.net_bn for row in FLOW.rows}
    ranked = [s.entity for s in answer[1:]]
    buyers = sorted((s for s in nets if nets[s] > 0), key=lambda s: -nets[s])[:4]
    sellers = sorted((s for s in nets if nets[s] < 0), key=lambda s: nets[s])[:3]

    assert ranked == [*buyers, *sellers]
    assert "3 sessions of net buying in a row" in answer[1].text
    assert "matched and put-through" in answer[0].text


def test_daily_quadrants_are_told_of_leaders_and_recommended_sectors_alone() -> None:
    spoken = {*LEADING, *(s.entity for s in REPORT.sentences if s.section == "recommendation")}
    conflicts = {s.entity for s in REPORT.sentences if "but" in s.text and "daily" in s.text}

    assert conflicts
    assert conflicts <= spoken


def _returned(**asked: object) -> list[str]:
    """Return the answer to what sectors returned; energy's 12-month return is not known."""
    scored = next(item for item in REPORT.evidence if item.tool == "get_sector_heatmap")
    months = {row.sector: float(place) for place, row in enumerate(HEATMAP.rows)}
    unknown = dict.fromkeys(("return_1w_pct", "return_3m_pct", "return_6m_pct",
                             "momentum_12_1_pct", "volatility_pct", "volume_ratio_x"))  # fmt: skip
    rows = tuple(
        MomentumRow(
            sector=row.sector, symbol=row.ticker, return_1m_pct=months[row.sector],
            return_12m_pct=None if row.sector == "energy" else -months[row.sector], **unknown,
        )
        for row in HEATMAP.rows
    )  # fmt: skip
    shared = {name: getattr(HEATMAP, name) for name in ToolResult.model_fields if name != "tool"}
    result = MomentumResult.model_validate(
        shared | {"tool": "get_technical_momentum", "rows": rows}
    )
    own = {"id": "toy-momentum", "tool": "get_technical_momentum", "result": result}
    made = material(**{"intent": "question", "topics": ("returns",)} | asked)
    return texts(replace(made, evidence=(*made.evidence, scored.model_copy(update=own))), "answer")


def test_returns_are_told_from_the_end_asked_for_over_the_span_asked_for() -> None:
    best, worst = _returned(lookback="1M"), _returned(lookback="1M", sides=("weakest",))
    year = _returned(lookback="12M")
    figures = [[float(text.rpartition(" ")[2].rstrip("%.").replace("\u2212", "-")) for text in said]
               for said in (best, worst, year)]  # fmt: skip

    assert figures[0] == sorted(figures[0], reverse=True)
    assert figures[1] == sorted(figures[1]) == [0.0, 1.0, 2.0, 3.0, 4.0][: len(figures[1])]
    assert figures[2] == sorted(figures[2], reverse=True)
    assert all("1-month return" in text for text in (*best, *worst))
    assert all("12-month return" in text and "Energy" not in text for text in year)


def test_the_return_of_a_sector_named_comes_before_its_rank() -> None:
    focus = (Focus(universe="toy", sector="energy", said="energy"),)
    said = _returned(lookback="1M", focus=focus)

    assert "1-month return" in said[0]
    assert all("Energy" in text for text in said[:2])


def test_sectors_compared_are_told_with_their_returns() -> None:
    focus = tuple(Focus(universe="toy", sector=row.sector, said="x") for row in HEATMAP.rows[:2])
    said = _returned(lookback="1M", focus=focus, intent="compare")

    assert sum("1-month return +" in text or "1-month return 0" in text for text in said) == 2


def test_companies_without_statements_are_named_and_nothing_else_is_said() -> None:
    made = material(intent="question", topics=("statements",), symbols=("TCB", "VPB"))
    said = told(made)

    assert said[0].text == "No statements are stored of TCB, VPB."
    assert not [s for s in said if s.section in {"headline", "warning"}]
    assert not any("rank" in text for text in texts(made, "answer"))


def test_a_statement_line_names_its_period_growth_and_release() -> None:
    made = material(intent="question", topics=("statements",), symbols=("T03", "TCB"))

    assert texts(made, "answer")[:2] == [
        "No statements are stored of TCB.",
        "T03, revenue, 30 Dec 2025: 120 bn, +8.0% on the year; released 29 Jan 2026.",
    ]


NOTICED: dict[Topic, str] = {
    "formula": "secret",
    "record": "out of sample",
    "rule_test": "backtest",
    "past_calls": "none can be judged",
    "changed": "No earlier report",
    "holdings": "Nothing held could be read",
    "hindsight": "past date",
    "matched_flow": "put-through",
    "target": "cannot be set",
}


@pytest.mark.parametrize("topic", sorted(NOTICED))
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_question_of_its_own_kind_opens_with_what_can_be_said(
    topic: Topic, language: str
) -> None:
    said = told(material(intent="question", topics=(topic,), language=language))

    assert said[0].section == "answer"
    assert language == "vi" or NOTICED[topic] in said[0].text
    for sentence in said:
        for span in sentence.spans:
            assert span.fact or not any(char.isdigit() for char in span.text)


@pytest.mark.parametrize("topic", ["record", "rule_test", "past_calls"])
def test_a_record_asked_for_is_told_or_said_not_to_be_there(topic: Topic) -> None:
    made = material(intent="question", topics=(topic,))
    absent = "Toy market: no settled record of a forecast is kept at the horizon asked for."

    assert absent not in texts(made, "answer")
    assert texts(replace(made, evidence=()), "answer")[-1] == absent


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_entered_another_quadrant_is_unknown_where_no_quadrant_is_known(language: str) -> None:
    made = material(intent="question", topics=("changed",), language=language)
    known = texts(made, "answer")
    unknown = texts(replace(made, evidence=()), "answer")

    still = {"No sector entered another quadrant with the last weekly bar.",
             "Không ngành nào chuyển góc phần tư ở nến tuần gần nhất."}  # fmt: skip
    assert unknown[-1] in {"No sector's quadrant is known, so that cannot be told.",
                           "Không rõ góc phần tư của ngành nào nên không nêu được."}  # fmt: skip
    assert still.isdisjoint(unknown)
    assert unknown[-1] not in known


def test_every_demand_has_a_notice_a_tale_or_is_off_topic() -> None:
    assert {*NOTICED, "index_level", "stock_pick", "path"} == DEMANDS


def test_a_named_benchmark_is_what_leaders_are_told_against() -> None:
    rows = tuple(
        row.model_copy(update={"weekly": row.weekly.model_copy(update={"quadrant": quadrant})})
        for row in HEATMAP.rows
        if row.weekly
        for quadrant in ("LEADING" if row.sector == "energy" else "LAGGING",)
    )
    other = HEATMAP.model_copy(update={"rows": rows, "benchmark": "sector_mean"})
    made = material(intent="question", topics=("rotation",), benchmark="sector_mean")
    scored = next(item for item in made.evidence if item.tool == "get_sector_heatmap")
    item = scored.model_copy(
        update={
            "id": "toy-heatmap-sector_mean",
            "result": other,
            "arguments": scored.arguments.model_copy(update={"benchmark": "sector_mean"}),
        }
    )
    both = replace(made, evidence=(item, *made.evidence))
    said = texts(both, "answer")
    (source, *_), *_ = heatmap_rows(Maker(both, UNIVERSES["toy"]))

    assert source == scored
    assert "relative to the mean of sectors" in said[0]
    assert [text.split(" is ")[0] for text in said if "RS-Ratio" in text] == ["Energy"]
    without = texts(made, "answer")
    assert "relative to All sectors" in without[0]


@pytest.mark.parametrize("topic", ["formula", "record", "rule_test", "past_calls"])
def test_a_question_about_no_sector_names_no_sector(topic: Topic) -> None:
    said = told(material(intent="explain", topics=(topic, "rotation")))
    asked = [s for s in said if s.section in {"answer", "headline", "warning"}]

    assert asked
    assert {s.entity for s in asked} == {"toy"}


def test_the_record_is_set_against_momentum_and_chance() -> None:
    text = " ".join(texts(material(intent="explain", topics=("record",)), "answer"))

    assert "120 settled dates" in text
    assert "IC of 12-month momentum (1 month) +0.03" in text
    assert "not distinguishable from chance" in text


def _stated(percent: float) -> dict[str, object]:
    sector = HEATMAP.rows[6].sector
    said = Stated(universe="toy", sector=sector, horizon="3M", return_pct=percent)
    focus = (Focus(universe="toy", sector=sector, said=sector),)
    return {"intent": "explain", "topics": ("rotation",), "stated": (said,), "focus": focus}


@pytest.mark.parametrize(("off", "expected"), [(0.2, "The data agree"), (4.0, "do not agree")])
def test_a_stated_return_is_checked_before_it_is_explained(off: float, expected: str) -> None:
    actual = HEATMAP.rows[6].return_3m_pct
    assert actual is not None
    first, relative, quadrants, *_ = texts(material(**_stated(actual + off)), "answer")

    assert expected in first
    assert relative.startswith("Relative to")
    assert "on weekly bars and" in quadrants


def test_a_stated_return_the_data_do_not_hold_is_not_judged() -> None:
    rows = tuple(row.model_copy(update={"return_3m_pct": None}) for row in HEATMAP.rows)
    made = material(HEATMAP.model_copy(update={"rows": rows}), **_stated(8.0))

    assert "cannot be checked" in texts(made, "answer")[0]


def test_quadrants_that_nobody_leads_are_said_so() -> None:
    rows = tuple(
        row.model_copy(update={"weekly": row.weekly.model_copy(update={"quadrant": "LAGGING"})})
        for row in HEATMAP.rows
        if row.weekly
    )
    made = material(
        HEATMAP.model_copy(update={"rows": rows}), intent="question", topics=("rotation",)
    )

    assert any("No sector leads" in text for text in texts(made, "answer"))


def test_a_rule_is_answered_by_what_followed_each_quadrant_in_this_market() -> None:
    said = texts(material(intent="question", topics=("rule_test",)), "answer")
    lines = [text for text in said if "the textbook says it" in text]

    assert len(lines) == 4
    assert lines[0] == (
        "LEADING, 1 month: the textbook says it outperforms; in this market the mean excess was "
        "−0.2% (t −1.00, observations 500): history cannot tell."
    )
    assert any("record" in text for text in said[5:])
