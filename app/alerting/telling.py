"""Decides how an alert and its rule are said in English and Vietnamese; it finds nothing."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from app.alerting.records import Alert
from app.alerting.rules import (
    FILED_WITHIN,
    FRESH_RUN,
    LEAST_EVENTS,
    LEAST_RUN,
    LEAST_SHARE,
    LEAST_VALUE_CHANGE_PCT,
    REPORTED_WITHIN,
)
from app.render.words import Words
from core.market_state.switch import BAND, TREND_MONTHS
from core.market_state.warning import LIT, LIT_HIGH_PCT, LIT_LOW_PCT
from core.records.request import Language
from core.rotation.rrg import CENTRE
from tools.flows.baskets import FLAT_INTENSITY_PCT

NAMES_SHOWN: Final = 3
RULE_OF: Final = {"put_through": "volume_spike"}
"""Kinds one rule finds."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alert in words: what happened, and the rule that makes it worth telling."""

    text: str
    rule: str


def told(alert: Alert, words: Words) -> Told:
    """Return the alert in the words' language."""
    sentences = _sentences(words.language)
    rule = sentences[f"rule_{RULE_OF.get(alert.kind, alert.kind)}"]
    return Told(
        text=sentences[alert.kind].format(**_slots(alert, words)),
        rule=rule.format(**_rule_slots(alert, words)),
    )


def _slots(alert: Alert, words: Words) -> Mapping[str, str]:
    count = alert.events_count, alert.watched_count, alert.signs_count, alert.tools_count
    events, watched, signs, tools = ("" if n is None else words.measured(n, "count") for n in count)
    dataset = words.entity(alert.dataset) if alert.dataset else ""
    return {
        "sector": words.entity(alert.sector) if alert.sector else "",
        "market": words.entity(words.universe.id),
        "before": _before(alert, words),
        "now": words.label("stance" if alert.stance else "quadrant", _now(alert)),
        "cross": words.label("early_warning", alert.early_warning or ""),
        "state": words.label("state", _state(alert)),
        "net": _measured(alert.net_bn, "bn", words, signed=True),
        "run": _measured(abs(alert.run_sessions or 0), "sessions", words),
        "share": _measured(alert.intensity_pct, "%", words, signed=True),
        "change": _measured(alert.signed_pct, "%", words, signed=True),
        "names": ", ".join(alert.symbols[:NAMES_SHOWN]) or "–",
        "events": events,
        "watched": watched,
        "n": signs or tools,
        "signs": str(len(LIT)),
        "data": dataset,
        "data_first": dataset[:1].upper() + dataset[1:],
        "age": _measured(alert.age_days, "days", words),
        "server": alert.server or "",
    } | _watch_slots(alert, words)


def _watch_slots(alert: Alert, words: Words) -> dict[str, str]:
    """Return the slots of what a watch alone tells."""
    counted = {
        "rank_before": alert.rank_before,
        "rank_now": alert.rank,
        "orders": alert.orders_count,
        "hours": alert.hours_count,
        "slots": alert.slots_count,
    }
    return {
        "score_before": _measured(alert.score_before, "index", words, signed=True),
        "score_now": _measured(alert.score, "index", words, signed=True),
        "weight_before": _measured(alert.weight_before, "fraction", words),
        "weight_now": _measured(alert.weight, "fraction", words),
        "excess": _measured(alert.excess_pct, "%", words, signed=True),
        "low": _measured(alert.low_pct, "%", words, signed=True),
        "high": _measured(alert.high_pct, "%", words, signed=True),
        "turnover": _measured(alert.turnover, "fraction", words),
        "horizon": alert.horizon or "",
        "source": alert.source or "",
    } | {name: _measured(value, "count", words) for name, value in counted.items()}


def _rule_slots(alert: Alert, words: Words) -> Mapping[str, str]:
    return {
        "reported": str(REPORTED_WITHIN.days),
        "filed": str(FILED_WITHIN.days),
        "flat": words.measured(FLAT_INTENSITY_PCT, "%"),
        "centre": f"{CENTRE:g}",
        "high": f"{LIT_HIGH_PCT:g}",
        "low": f"{LIT_LOW_PCT:g}",
        "band": words.measured(BAND, "fraction"),
        "months": str(TREND_MONTHS),
        "least": str(LEAST_RUN),
        "fresh": str(FRESH_RUN),
        "share": words.measured(LEAST_SHARE, "fraction"),
        "events": str(LEAST_EVENTS),
        "value": words.measured(LEAST_VALUE_CHANGE_PCT, "%"),
        "server": alert.server or "",
    }


def _before(alert: Alert, words: Words) -> str:
    if alert.run_before_sessions is not None:
        return words.measured(abs(alert.run_before_sessions), "count")
    if alert.stance_before:
        return words.label("stance", alert.stance_before)
    return words.label("quadrant", alert.quadrant_before or "")


def _now(alert: Alert) -> str:
    return alert.stance or alert.quadrant or ""


def _state(alert: Alert) -> str:
    if alert.run_sessions is not None:
        return "buying" if alert.run_sessions > 0 else "selling"
    return alert.market_warning or alert.switch_state or ""


def _measured(value: float | None, unit: str, words: Words, *, signed: bool = False) -> str:
    return "–" if value is None else words.measured(value, unit, signed=signed)


@lru_cache(maxsize=2)
def _sentences(language: Language) -> Mapping[str, str]:
    text = files("app.alerting").joinpath(f"sentences.{language}.toml").read_text(encoding="utf-8")
    read: dict[str, str] = tomllib.loads(text)
    return read
