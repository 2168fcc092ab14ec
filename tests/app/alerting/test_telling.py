import re
import tomllib
from datetime import date
from importlib.resources import files
from typing import get_args

import pytest

from app.alerting.records import Alert, AlertKind
from app.alerting.standing import KINDS
from app.alerting.telling import told
from app.files.universes import load_universes
from app.render.words import Words
from core.records.request import Language

VN = load_universes()["vn"]
BASE = {"concern": "other", "universe": "vn", "period": date(2024, 5, 3)}
BANKS = {"sector": "banks"}
CROSS = "momentum_crossing_up"
VOLUME = {"sector": "banks", "events_count": 20, "watched_count": 90, "symbols": ("CTG", "LPB")}
ALERTS = (
    {"kind": "quadrant_change", **BANKS, "quadrant_before": "LAGGING", "quadrant": "IMPROVING"},
    {"kind": "early_warning", **BANKS, "quadrant": "LAGGING", "early_warning": CROSS},
    {"kind": "stance_change", **BANKS, "stance_before": "neutral", "stance": "overweight"},
    {"kind": "flow_turn", **BANKS, "run_before_sessions": 9, "run_sessions": -2,
     "net_bn": -120.4, "intensity_pct": -3.2},
    {"kind": "volume_spike", **VOLUME},
    {"kind": "put_through", **VOLUME},
    {"kind": "manager_position", "signed_pct": 12.5, **VOLUME},
    {"kind": "market_warning", "market_warning": "warning", "signs_count": 2},
    {"kind": "de_risking", "switch_state": "de_risk"},
    {"kind": "stale_data", "dataset": "macro", "age_days": 458},
    {"kind": "score_change", **BANKS, "score_before": -0.25, "score": 1.5},
    {"kind": "rank_change", **BANKS, "rank_before": 12, "rank": 2},
    {"kind": "weight_change", **BANKS, "weight_before": 0.25, "weight": 0.285},
    {"kind": "beyond_interval", **BANKS, "horizon": "1M", "excess_pct": 9.5, "low_pct": -3.0,
     "high_pct": 4.0},
    {"kind": "rebalance", "turnover": 0.07, "orders_count": 12},
    {"kind": "sync_failed", "source": "ssi", "hours_count": 3},
    {"kind": "missed_slots", "slots_count": 8},
    {"kind": "tool_changed", "server": "vimo", "tools_count": 2},
)  # fmt: skip
HOLE = re.compile(r"[{}]|–|  |\(\)|: *$|None")


def alert(fields: dict[str, object]) -> Alert:
    return Alert.model_validate(BASE | fields)


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("fields", ALERTS, ids=lambda fields: str(fields["kind"]))
def test_every_kind_is_said_whole(fields: dict[str, object], language: Language) -> None:
    said = told(alert(fields), Words(language, VN))
    assert not HOLE.search(said.text), said.text
    assert not HOLE.search(said.rule), said.rule


def test_a_turn_of_flow_names_who_how_long_and_how_much() -> None:
    said = told(alert(dict(ALERTS[3])), Words("vi", VN)).text
    assert said == (
        "Khối ngoại chuyển sang bán ròng Ngân hàng sau 9 phiên theo chiều ngược lại: "
        "−120 tỷ đồng trong 2 phiên, −3,2% giá trị"
    )


def test_a_moved_weight_is_said_with_both_weights() -> None:
    moved = next(fields for fields in ALERTS if fields["kind"] == "weight_change")
    assert told(alert(dict(moved)), Words("en", VN)).text == "Banks: target weight 25.0% to 28.5%"


def test_every_kind_has_its_words_and_its_place() -> None:
    kinds = set(get_args(AlertKind))
    assert kinds == {fields["kind"] for fields in ALERTS} == set(KINDS)


def test_a_changed_tool_names_the_command_that_accepts_it() -> None:
    said = told(alert(dict(ALERTS[-1])), Words("en", VN))
    assert "sectorwise tools accept vimo" in said.rule


def test_both_languages_have_the_same_sentences_with_the_same_slots() -> None:
    english, vietnamese = (
        tomllib.loads(files("app.alerting").joinpath(f"sentences.{name}.toml").read_text("utf-8"))
        for name in ("en", "vi")
    )
    assert english.keys() == vietnamese.keys()
    for key, text in english.items():
        slots = [
            {re.sub("_first$", "", slot) for slot in re.findall(r"{(\w+)}", said)}
            for said in (text, vietnamese[key])
        ]
        assert slots[0] == slots[1], key
