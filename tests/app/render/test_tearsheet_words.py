import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.tear.luck import Verdict
from app.render.tear.words import TearWords
from core.language.printed.labels import LABELS
from core.records.backtest import Caveat, Rebalance, WhyUndefined, Window
from core.records.request import Language

SLOT = re.compile(r"\{\w+\}")
CLOSED = {"rebalance": Rebalance, "window": Window, "undefined": WhyUndefined, "verdict": Verdict}
"""Tables of labels, and the closed values each must have a word for."""


def _labels(language: Language) -> dict[str, dict[str, str]]:
    text = files("app.render.tear").joinpath(f"labels.{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _source() -> str:
    folder = Path(str(files("app.render.tear")))
    modules = [*folder.glob("*.py"), folder.parent / "tearsheet.py"]
    return "".join(path.read_text(encoding="utf-8") for path in sorted(modules))


def test_both_languages_have_the_same_keys_and_slots() -> None:
    english, vietnamese = _labels("en"), _labels("vi")
    assert {kind: list(words) for kind, words in english.items()} == {
        kind: list(words) for kind, words in vietnamese.items()
    }
    for kind, words in english.items():
        for key, said in words.items():
            assert set(SLOT.findall(said)) == set(SLOT.findall(vietnamese[kind][key])), (kind, key)


@pytest.mark.parametrize("kind", CLOSED)
def test_every_closed_value_has_a_word(kind: str) -> None:
    assert set(get_args(CLOSED[kind])) == set(_labels("en")[kind])


def test_every_caveat_and_verdict_has_a_sentence() -> None:
    text = _labels("en")["text"]
    wanted = {f"caveat_{name}" for name in get_args(Caveat) if name != "synthetic"}
    wanted |= {f"verdict_{name}" for name in get_args(Verdict)}
    assert {key for key in text if key.startswith(("caveat_", "verdict_"))} == wanted


def test_no_sentence_is_never_said() -> None:
    source = _source()
    keys = [key for key in _labels("en")["text"] if not key.startswith(("caveat_", "verdict_"))]
    assert [key for key in keys if f'"{key}"' not in source] == []


@pytest.mark.parametrize(
    ("name", "english", "vietnamese"),
    [
        ("momentum:12", "12-month momentum", "Đà tăng 12 tháng"),
        ("momentum:12-1", "12−1-month momentum", "Đà tăng 12−1 tháng"),
        ("momentum:1", "1-month momentum (reactive)", "Đà tăng 1 tháng (phản ứng)"),
        ("model:ridge", "Forecast (ridge)", "Dự báo (ridge)"),
        ("model:1m+0123456789ab", "Forecast (1m)", "Dự báo (1m)"),
        ("reversal:1", "1-month reversal", "Đảo chiều 1 tháng"),
        ("leading", "Buy LEADING", "Mua Dẫn dắt"),
        ("something_else:3", "something_else:3", "something_else:3"),
    ],
)
def test_a_signal_is_called_by_its_meaning(name: str, english: str, vietnamese: str) -> None:
    assert TearWords("en", {}).strategy(name) == english
    assert TearWords("vi", {}).strategy(name) == vietnamese


def test_sectors_and_factors_have_names() -> None:
    words = TearWords("en", {"energy": "Energy"})
    assert words.sector("energy") == "Energy"
    assert words.sector("banks") == "banks"
    assert words.sector("uninvested") == "Not invested"
    assert words.factor("limits") == "Limits and drift"
    assert words.factor("momentum_12m") == words.factor("momentum_12m").capitalize()


@pytest.mark.parametrize(
    ("value", "decimals", "english", "vietnamese"),
    [
        (1234.55, 1, "1,234.6", "1.234,6"),
        (-0.04, 1, "0.0", "0,0"),
        (-2.25, 1, "−2.2", "−2,2"),
        (0.125, 2, "0.12", "0,12"),
    ],
)
def test_numbers_round_half_to_even(
    value: float, decimals: int, english: str, vietnamese: str
) -> None:
    assert TearWords("en", {}).number(value, decimals) == english
    assert TearWords("vi", {}).number(value, decimals) == vietnamese


@given(st.floats(0.0, 1.0))
def test_a_chance_is_never_called_certain(fraction: float) -> None:
    said = TearWords("en", {}).chance(fraction)
    assert said not in ("0.0%", "100.0%")


def test_years_have_a_decimal_while_they_are_few() -> None:
    words = TearWords("en", {})
    assert words.years(7.66) == "7.7"
    assert words.years(81.96) == "82"


def test_a_state_without_a_word_of_its_own_takes_the_cores() -> None:
    words = TearWords("vi", {})
    assert words.label("regime", "stormy") == "Thị trường giông bão"
    assert words.label("regime", "flat") == LABELS["flat"]["vi"]
