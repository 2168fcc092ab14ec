import tomllib
from collections.abc import Mapping
from importlib.resources import files
from string import Formatter
from typing import cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.words import MAXIMUM_QUOTE, Words, quoted
from core.records.decision import LimitKind
from core.records.history import Cause, ChangeKind
from core.records.plan import ToolName
from core.records.request import Language
from core.records.result import Actor, Dataset, Family, Flag, GapReason
from core.records.scoring import WeightsSource
from core.records.trades import OrderNote, Side
from core.records.universe import Taxonomy
from core.signals.catalogue import FACTORS
from tests.app.render.sample_report import universe


def _labels(language: str) -> Mapping[str, Mapping[str, str]]:
    name = f"labels.{language}.toml"
    return tomllib.loads(files("app.render").joinpath(name).read_text(encoding="utf-8"))


def test_both_languages_have_the_same_labels_with_the_same_slots() -> None:
    english, vietnamese = _labels("en"), _labels("vi")
    assert {k: list(v) for k, v in english.items()} == {k: list(v) for k, v in vietnamese.items()}
    for key, text in english["text"].items():
        slots = [
            {name for _, name, *_ in Formatter().parse(t)} for t in (text, vietnamese["text"][key])
        ]
        assert slots[0] - {None} == slots[1] - {None}


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize(
    ("kind", "closed"),
    [("reason", GapReason), ("actor", Actor), ("dataset", Dataset), ("family", Family),
     ("limit", LimitKind), ("taxonomy", Taxonomy), ("flag_short", Flag), ("change", ChangeKind),
     ("cause", Cause), ("order_note", OrderNote), ("side", Side), ("tool", ToolName),
     ("weights_source", WeightsSource)],
)  # fmt: skip
def test_every_closed_value_has_a_label(language: str, kind: str, closed: object) -> None:
    assert set(get_args(closed)) <= set(_labels(language)[kind])


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_factor_has_a_label(language: str) -> None:
    words = Words(cast("Language", language), universe("us"))
    for factor in FACTORS:
        assert words.label("factor", factor.id) != factor.id.replace("_", " ")


@given(st.text(max_size=2000))
def test_quoted_text_is_one_line_without_control_characters(text: str) -> None:
    line = quoted(text)
    assert len(line) <= MAXIMUM_QUOTE
    assert line.isprintable()


@pytest.mark.parametrize(
    ("language", "value", "unit", "expected"),
    [("en", 1234.56, "index", "1,234.56"), ("vi", 1234.56, "index", "1.234,56"),
     ("en", 0.634, "fraction", "63.4"), ("vi", -0.04, "%", "0,0"), ("en", -2.25, "%", "−2.2")],
)  # fmt: skip
def test_a_number_has_its_languages_marks_and_no_unit(
    language: Language, value: float, unit: str, expected: str
) -> None:
    assert Words(language, universe("us")).number(value, unit) == expected


def test_a_member_built_sector_is_tagged_by_name_and_a_fund_by_ticker() -> None:
    assert Words("en", universe("us")).sector_tag("technology") == "XLK"
    names = [Words("vi", universe("vn")).sector_tag(s.id) for s in universe("vn").sectors]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 17 and not name.endswith("…") for name in names)


@pytest.mark.parametrize("name", ["us", "vn", "demo"])
def test_utilities_have_one_short_name_in_vietnamese(name: str) -> None:
    assert Words("vi", universe(name)).short("utilities") == "Tiện ích"
