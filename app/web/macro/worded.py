"""Decides in which words the macro page is told what the tools found; no figure is made here."""

from dataclasses import dataclass
from typing import Final, get_args

from app.render.blocks.market_warning import OUTCOMES
from app.render.words import Words
from app.web.macro.answers import (
    CalendarAnswer,
    MacroAnswer,
    MarketsAnswer,
    NamedSeries,
    RegimeAnswer,
    SeriesAnswer,
    StrainAnswer,
    StrainSign,
    ToldEvent,
    ToldMarket,
    ToldNumber,
    ToldOutcome,
    ToldSpell,
)
from app.web.worded import gap_said, gapped, headings, labelled, missing_said
from core.market_state.warning import LIT, Sign
from core.measures import own_unit
from core.records.economy import DashboardResult, DashboardRow, RegimeResult
from core.records.events import DatedEvent, EventsResult
from core.records.payloads import Regime
from core.records.result import Dataset
from core.records.rotation_statistics import (
    MarketStateRow,
    MarketWarningResult,
    WarningOutcomeRow,
)
from core.wording import DECIMALS
from tools.macro.other_markets import OtherMarket, OtherMarkets
from tools.macro.paths import SeriesChoice, SeriesPath, StatePath

TWO_DECIMALS: Final = 2
RATES: Final = frozenset({"%", "pp"})


@dataclass(frozen=True, slots=True)
class Telling:
    """The words of an answer, and which data sets the store has of the market."""

    words: Words
    held: frozenset[Dataset]


def macro_answer(
    told: DashboardResult, choices: tuple[SeriesChoice, ...], told_in: Telling
) -> MacroAnswer:
    """Return the dashboard."""
    words = told_in.words
    return MacroAnswer(
        universe=told.universe,
        as_of=told.as_of,
        known_at=told.known_at,
        gap=gapped(told, words, held=told_in.held),
        missing=missing_said(told.missing, words),
        forecasts_stored=any(row.forecast_level is not None for row in told.rows),
        stale_count=sum("stale" in row.flags for row in told.rows),
        rows=tuple(_number(row, words) for row in told.rows),
        series=tuple(
            NamedSeries(
                series=one.series,
                name=_first_up(words.entity(one.series)),
                category_name=_first_up(words.label("category", one.category)),
            )
            for one in choices
        ),
    )


def regime_answer(told: RegimeResult, path: StatePath, told_in: Telling) -> RegimeAnswer:
    """Return the regime now and before, beside the readings it is made of."""
    words = told_in.words
    now = told.rows[0] if told.rows else None
    return RegimeAnswer(
        universe=told.universe,
        as_of=told.as_of,
        since=told.since,
        gap=gapped(told, words, held=told_in.held),
        missing=missing_said(told.missing, words),
        now=now,
        now_name="" if now is None else _first_up(words.label("regime", now.regime)),
        names=labelled("regime", get_args(Regime), words),
        spells=tuple(
            ToldSpell(**row.model_dump(), name=_first_up(words.label("regime", row.regime)))
            for row in told.history
        ),
        path=path,
    )


def series_answer(path: SeriesPath, told_in: Telling) -> SeriesAnswer:
    """Return one series' history."""
    words = told_in.words
    return SeriesAnswer(
        name=_first_up(words.entity(path.series)),
        unit_name=_unit(path.unit, words),
        decimals=_decimals(path.unit),
        gap=None if path.gap is None else gap_said(path.gap, words, held=told_in.held),
        path=path,
    )


def markets_answer(found: OtherMarkets, told_in: Telling) -> MarketsAnswer:
    """Return the inter-market strip."""
    words = told_in.words
    return MarketsAnswer(
        universe=found.universe,
        as_of=found.as_of,
        gap=None if found.gap is None else gap_said(found.gap, words, held=told_in.held),
        rows=tuple(_market(row, words) for row in found.rows),
        absent=found.absent,
    )


def strain_answer(told: MarketWarningResult, told_in: Telling) -> StrainAnswer:
    """Return the market's strain."""
    words = told_in.words
    state = told.rows[0] if told.rows else None
    switch = told.switch[0] if told.switch else None
    balance = told.balance[0] if told.balance else None
    return StrainAnswer(
        universe=told.universe,
        as_of=told.as_of,
        benchmark_name=words.entity(told.benchmark),
        gap=gapped(told, words, held=told_in.held),
        missing=missing_said(told.missing, words),
        state=state,
        state_name="" if state is None else words.label("market_warning", state.market_warning),
        signs=() if state is None else _signs(state),
        breadth_of_name="" if state is None else words.label("breadth_of", state.breadth_of),
        note=words.text("warning_note" if state else "no_warning_state"),
        headings=headings(WarningOutcomeRow, OUTCOMES, words),
        outcomes=tuple(
            ToldOutcome(
                **row.model_dump(),
                kind_name=_first_up(words.label("market_warning", row.kind)),
                horizon_name=words.label("span", row.horizon.lower()),
            )
            for row in told.outcomes
        ),
        switch=switch,
        switch_name="" if switch is None else words.label("switch_state", switch.switch_state),
        switch_note="" if switch is None else words.text("switch_note"),
        balance=balance,
        lead_name="" if balance is None else words.label("style_lead", balance.style_lead),
    )


def _signs(state: MarketStateRow) -> tuple[StrainSign, ...]:
    places: dict[Sign, float | None] = {
        "correlation": state.correlation_percentile_pct,
        "dispersion": state.dispersion_percentile_pct,
        "breadth": state.breadth_percentile_pct,
    }
    return tuple(
        StrainSign(
            id=sign,
            percentile_pct=place,
            lit=place is not None and LIT[sign][0] <= place <= LIT[sign][1],
            lit_from_pct=LIT[sign][0],
            lit_to_pct=LIT[sign][1],
        )
        for sign, place in places.items()
    )


def calendar_answer(told: EventsResult, told_in: Telling) -> CalendarAnswer:
    """Return the dated events of a span."""
    words = told_in.words
    return CalendarAnswer(
        universe=told.universe,
        as_of=told.as_of,
        since=told.since,
        until=told.until,
        gap=gapped(told, words, held=told_in.held),
        missing=tuple(dict.fromkeys(cell.measure for cell in told.missing)),
        rows=tuple(_event(row, words) for row in told.rows),
    )


def _decimals(unit: str) -> int:
    """Return how many are printed: two of a rate, so that its change is the one that is seen."""
    return TWO_DECIMALS if unit in RATES else DECIMALS.get(unit, TWO_DECIMALS)


def _number(row: DashboardRow, words: Words) -> ToldNumber:
    return ToldNumber(
        **row.model_dump(),
        name=_first_up(words.entity(row.series)),
        group_name=_first_up(words.label("category", row.group)),
        unit_name=_unit(row.unit, words),
        change_unit_name=_unit(own_unit(row, "change_level", "level"), words),
        decimals=_decimals(row.unit),
        flag_names=tuple(words.label("flag", flag) for flag in row.flags),
    )


def _market(row: OtherMarket, words: Words) -> ToldMarket:
    return ToldMarket(
        **row.model_dump(),
        stands_for_name=row.stands_for if row.traded else words.entity(row.stands_for),
        suits_name=None if row.suits is None else words.entity(row.suits),
        burdens_name=None if row.burdens is None else words.entity(row.burdens),
    )


def _event(row: DatedEvent, words: Words) -> ToldEvent:
    own = row.name_vi if words.language == "vi" and row.name_vi else row.name_en
    about = words.entity(row.series) if row.series else own or ""
    sectors = ", ".join(words.entity(sector) for sector in row.sectors)
    name = ": ".join(part for part in (about, sectors) if part)
    return ToldEvent(**row.model_dump(), name=_first_up(name), kind_key=f"kind_{row.kind}")


def _unit(unit: str, words: Words) -> str:
    return "%" if unit == "%" else words.unit(unit)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
