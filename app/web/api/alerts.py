"""What a desk would be told at a date, with the rule that found it."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from app.alerting.records import Alert
from app.alerting.standing import Standing, standing
from app.alerting.standpoint import standpoint
from app.alerting.telling import told
from app.render.words import Words
from app.web.asked import InMarket, held_of, market_of, words_of
from app.web.house import House
from app.web.worded import Gapped, gap_said
from core.records.record import Record, Slug
from core.records.result import Dataset


class ToldAlert(Alert):
    """An alert with its words."""

    text: str
    rule: str
    kind_key: str = Field(description="of the page's words")
    benchmark_name: str | None
    frequency_name: str | None


class Unseen(Record):
    """What a rule had nothing to look at of, and why where that is more than that."""

    subject: Literal["flows", "volumes"]
    text: str


class AlertsAnswer(Record):
    """What stands, the desk's own sectors first, and what could not be looked at."""

    universe: Slug
    as_of: date
    gap: Gapped | None
    held: tuple[str, ...] = Field(description="names of the sectors held")
    favoured: tuple[str, ...] = Field(description="names of those the last report overweights")
    alerts: tuple[ToldAlert, ...]
    unseen: tuple[Unseen, ...]


def add_alerts_api(router: APIRouter, house: House) -> None:
    """Register it."""
    context = house.tools

    @router.get("/api/universes/{universe}/alerts", tags=["alerts"])
    def alerts(asked: InMarket) -> AlertsAnswer:
        """Everything that stands at the date; nothing is delivered and nothing kept."""
        market = market_of(house, asked)
        words, held = words_of(market, asked), held_of(house, market)
        scope = context.scope(market.id, asked.as_of)
        stand = standpoint(house.settings, market, scope.panels, as_of=scope.as_of)
        found = standing(context, stand, market.id, asked.as_of)
        return AlertsAnswer(
            universe=market.id,
            as_of=scope.as_of,
            gap=None if scope.gap is None else gap_said(scope.gap, words, held=held),
            held=_names(stand.held, words),
            favoured=_names(stand.favoured, words),
            alerts=tuple(_told(alert, words) for alert in found.alerts),
            unseen=() if scope.gap else tuple(_unseen(found, words, held=held)),
        )


def _told(alert: Alert, words: Words) -> ToldAlert:
    said = told(alert, words)
    return ToldAlert(
        **alert.model_dump(exclude={"id"}),
        text=said.text,
        rule=said.rule,
        kind_key=f"kind_{alert.kind}",
        benchmark_name=words.entity(alert.benchmark) if alert.benchmark else None,
        frequency_name=words.label("frequency", alert.frequency) if alert.frequency else None,
    )


def _names(sectors: frozenset[str], words: Words) -> tuple[str, ...]:
    return tuple(words.entity(name) for name in words.universe.sector_ids if name in sectors)


def _unseen(found: Standing, words: Words, *, held: frozenset[Dataset]) -> Iterator[Unseen]:
    """Yield the gaps of the data the rules of flows and volumes read."""
    if found.flow_gap is not None:
        yield Unseen(subject="flows", text=gap_said(found.flow_gap, words, held=held).text)
    if found.volume_gap is not None:
        known = found.volume_gap.dataset in held
        said = "" if known else gap_said(found.volume_gap, words, held=held).text
        yield Unseen(subject="volumes", text=said)
