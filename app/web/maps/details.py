"""Decides what is told of the map's sectors on one day: odds, returns, flow, weights, members."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from app.render.words import Words
from app.web.house import House
from app.web.maps.asked import Drawing, Known
from app.web.maps.held import largest_held
from app.web.maps.records import (
    Drawn,
    MapDetails,
    Membership,
    MoveOdds,
    SectorTold,
    StayOdds,
    Traded,
)
from app.web.maps.textbook import textbook_told
from app.web.worded import gap_said
from core.portfolio.inputs import BenchmarkShares, benchmark_shares
from core.price_measures import QUARTER, returns_pct
from core.records.payloads import FlowResult, FlowRow
from core.records.result import Dataset
from core.records.rotation_statistics import RotationStatisticsResult, SectorTurnRow
from core.records.universe import Sector
from core.wording import label_text, number_text
from tools.flows.foreign_flow import foreign_flow_by_sector
from tools.measures.common import member_weights, number, priced_members, thin_flags
from tools.measures.turnover import turnover_shares
from tools.sectors.rotation_statistics import rotation_counts

HUNDRED: Final = 100.0


@dataclass(frozen=True, slots=True)
class _Told:
    """What rows are made from; by sector id."""

    words: Words
    counted: RotationStatisticsResult
    turns: Mapping[str, SectorTurnRow]
    flows: Mapping[str, FlowRow]
    returns: pd.Series
    shares: pd.DataFrame
    weights: Mapping[str, float]
    held: frozenset[str]
    members: Mapping[str, list[str]]
    member_weights: pd.Series


def details(
    house: House, drawing: Drawing, frequency: Drawn, *, stored: frozenset[Dataset]
) -> MapDetails:
    """Return what was known of every sector on the question's day."""
    universe, scope, words = drawing.universe, drawing.scope, drawing.words
    counted = rotation_counts(
        house.tools, region=universe.id, frequency=frequency, benchmark=drawing.mark.id,
        as_of=scope.as_of,
    )  # fmt: skip
    flow = foreign_flow_by_sector(house.tools, region=universe.id, as_of=scope.as_of)
    known = drawing.known
    shares = None if known is None else _shares(drawing, known, counted)
    told = None
    if known is not None and shares is not None:
        told = _told(house, drawing, known, counted=counted, flow=flow, shares=shares)
    return MapDetails(
        universe=universe.id,
        as_of=scope.as_of,
        frequency=frequency,
        benchmark=drawing.mark.id,
        gap=drawing.gap,
        counted_since=counted.since,
        weights=None if shares is None else words.label("weights_source", shares.source),
        flows=None if flow.gap is None else gap_said(flow.gap, words, held=stored).text,
        textbook=() if counted.gap else textbook_told(counted, universe, words.language),
        sectors=() if told is None else tuple(_row(told, sector) for sector in universe.sectors),
    )


def _shares(drawing: Drawing, known: Known, counted: RotationStatisticsResult) -> BenchmarkShares:
    """Return the benchmark's weights; equal ones are over the sectors that have a rotation."""
    placed = tuple(row.sector for row in counted.sectors)
    return benchmark_shares(known.panels, drawing.mark, placed, as_of=drawing.scope.as_of)


def _told(
    house: House, drawing: Drawing, known: Known, *,
    counted: RotationStatisticsResult, flow: FlowResult, shares: BenchmarkShares,
) -> _Told:  # fmt: skip
    panels = known.panels
    weights = member_weights(panels)
    return _Told(
        words=drawing.words,
        counted=counted,
        turns={row.sector: row for row in counted.sectors},
        flows={row.sector: row for row in flow.rows if row.symbol is None},
        returns=returns_pct(known.against.sectors, QUARTER),
        shares=turnover_shares(panels.sectors),
        weights={row.sector: row.weight for row in shares.rows},
        held=largest_held(house, drawing.scope),
        members={} if panels.members is None else priced_members(panels, weights),
        member_weights=weights,
    )


def _row(told: _Told, sector: Sector) -> SectorTold:
    turn, flow = told.turns.get(sector.id), told.flows.get(sector.id)
    members = _membership(told, sector)
    flags = () if members is None else thin_flags(members.members_count, told.words.universe)
    said = dict.fromkeys((*flags, *(flow.flags if flow else ())))
    return SectorTold(
        sector=sector.id,
        held=sector.id in told.held,
        single_stock="single_stock" in flags,
        benchmark_weight=told.weights.get(sector.id),
        return_3m_pct=number(told.returns[sector.id]),
        odds=None if turn is None else _odds(told, turn),
        traded=_traded(told, sector),
        flow=None if flow is None else _flow(told.words, flow),
        flow_net_bn=None if flow is None else flow.net_bn,
        members=members,
        flags=tuple(told.words.label("flag", flag) for flag in said),
    )


def _odds(told: _Told, turn: SectorTurnRow) -> StayOdds:
    return StayOdds(
        within_count=turn.within_count,
        leave_fraction=turn.leave_fraction,
        leave_low_fraction=turn.leave_low_fraction,
        leave_high_fraction=turn.leave_high_fraction,
        leave_cases_count=turn.leave_cases_count,
        moves=tuple(
            MoveOdds(
                next_quadrant=row.next_quadrant,
                name=told.words.label("quadrant", row.next_quadrant),
                move_fraction=row.move_fraction,
                moves_count=row.moves_count,
            )
            for row in told.counted.moves
            if row.quadrant == turn.quadrant
        ),
    )


def _traded(told: _Told, sector: Sector) -> Traded:
    if sector.id not in told.shares.index:
        return Traded(turnover_share_pct=None, turnover_share_change_pp=None)
    row = told.shares.loc[sector.id]
    return Traded(
        turnover_share_pct=number(row["turnover_share_pct"]),
        turnover_share_change_pp=number(row["turnover_share_change_pp"]),
    )


def _membership(told: _Told, sector: Sector) -> Membership | None:
    """Return the sector's priced members, the largest by its part of the basket."""
    if not told.words.universe.built_from_members:
        return None
    names = told.members.get(sector.id, [])
    sizes = told.member_weights.reindex(names).dropna().sort_values(ascending=False, kind="stable")
    known = len(sizes) > 0
    return Membership(
        members_count=len(names),
        top_member=str(sizes.index[0]) if known else None,
        top_member_pct=HUNDRED * float(sizes.iloc[0]) if known else None,
    )


def _flow(words: Words, row: FlowRow) -> str:
    """Return the net value, its share of trading and what it amounts to."""
    said = [words.measured(row.net_bn, "bn", signed=True)]
    if row.intensity_pct is not None:
        said.append(words.measured(row.intensity_pct, "%", signed=True))
    sessions = number_text(float(row.sessions), "sessions", words.language, words.universe)
    return f"{' · '.join(said)} · {label_text(row.state, words.language)} ({sessions})"
