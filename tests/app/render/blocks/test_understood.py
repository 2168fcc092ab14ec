"""What a question left open is shown in words of its language, without an id of a file."""

from typing import get_args

import pytest

from app.render.blocks.understood import inferred
from app.render.material import material
from app.render.words import Words
from core.records.request import Inference, Language, Topic
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report

WORLD = universe("us")


def shown(language: Language, *told: tuple[str, str]) -> list[tuple[str | None, str | None]]:
    report = full_report("us", language=language)
    rows = tuple(
        Inference.model_validate({"field": field, "value": value, "why": "default"})
        for field, value in told
    )
    request = report.request.model_copy(update={"inferred": rows})
    report = report.model_copy(update={"request": request})
    table = inferred(report, (material(report, WORLD),))
    return [(row[0].text, row[1].text) for row in table.rows]


@pytest.mark.parametrize(
    ("field", "value", "english", "vietnamese"),
    [
        ("universe", "us", WORLD.name_en, WORLD.name_vi),
        ("universe", "us, nowhere", f"{WORLD.name_en}, nowhere", f"{WORLD.name_vi}, nowhere"),
        ("topic", "foreign_flow, target", "foreign flow, target weights",
         "khối ngoại, tỷ trọng mục tiêu"),
        ("topic", "leders = ranking", "leders = ranking", "leders = xếp hạng"),
        ("sector", "juice = us/utilities", "juice = Utilities", "juice = Tiện ích"),
        ("sector", "juice = vn/utilities", "juice = vn/utilities", "juice = vn/utilities"),
        ("holdings", "utilities 30 %, XLK 20 %, cash 50 %",
         "Utilities 30 %, XLK 20 %, cash 50 %", "Tiện ích 30 %, XLK 20 %, tiền mặt 50 %"),
        ("as_of", "2018-12-31", "31 Dec 2018", "31/12/2018"),
        ("horizon", "1M", "1 month", "1 tháng"),
        ("language", "vi", "Vietnamese", "tiếng Việt"),
        ("intent", "what_if", "what-if", "giả định"),
    ],
)  # fmt: skip
def test_values_are_told_in_words(field: str, value: str, english: str, vietnamese: str) -> None:
    assert [row[1] for row in shown("en", (field, value))] == [english]
    assert [row[1] for row in shown("vi", (field, value))] == [vietnamese]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_topic_and_field_has_its_own_words(language: Language) -> None:
    words = Words(language, WORLD)
    fields = get_args(Inference.model_fields["field"].annotation)
    for kind, keys in (("topic", (*get_args(Topic), "ranking")), ("field", fields)):
        assert [key for key in keys if "_" in words.label(kind, key)] == []
    assert {words.label("field", key) for key in fields}.isdisjoint(fields)
