"""Claims of who trades: whether foreign investors confirm a sector, and unusual large activity."""

from collections.abc import Iterator
from typing import TypeVar

from pydantic import TypeAdapter

from agents.claims.decision import allocated
from agents.claims.ends import only_low
from agents.claims.leaders import led, row_of, spoken_of
from agents.claims.maker import Maker
from core.records.decision import Stance
from core.records.evidence import Evidence, Fact
from core.records.payloads import FlowResult, FlowRow, FlowState, WhaleResult, WhaleRow
from core.records.report import Claim, Comparator, Section

_Desk = tuple[float, str, Evidence, int]
Told = TypeVar("Told", FlowResult, WhaleResult)

WHALES_CAP = 4
DESKS_CAP = 3
"""Sectors at each end told of securities firms' own desks."""
BUYERS_CAP = 4
SELLERS_CAP = 3
_CONFIRMS: dict[tuple[Stance, FlowState], str] = {
    ("overweight", "buying"): "flow.confirmed",
    ("overweight", "selling"): "flow.contradicted",
    ("underweight", "selling"): "flow.confirmed",
    ("underweight", "buying"): "flow.contradicted",
}
_LEADS: dict[FlowState, str] = {
    "buying": "flow.lead_confirmed",
    "selling": "flow.lead_contradicted",
    "flat": "flow.lead_flat",
    "not_measurable": "flow.lead_not_measurable",
}
APART_PP = 1.0
"""A price that moved less than a point against its benchmark went nowhere."""
_AS_LONG = ((8, "excess_1w_pct"), (31, "excess_1m_pct"), (80, "excess_3m_pct"))
"""Up to so many sessions of flow, the price's own window."""
_NET = ("net_bn", "intensity_pct", "streak_sessions")


def flow(maker: Maker) -> list[Claim]:
    """Return whether foreign investors confirm each weekly leader, then each stance spoken of."""
    claims: list[Claim] = []
    leading = [row.sector for _, _, row in led(maker)]
    for sector in leading:
        claims += lead_flow(maker, "flow", sector)
    for sector in spoken_of(maker):
        if sector not in leading:
            claims += sector_flow(maker, "flow", sector)
    return [*claims, *events(maker)]


def events(maker: Maker) -> list[Claim]:
    """Return the dated events that move foreign flow within the sessions shown."""
    claims: list[Claim] = []
    for item, result in _flows(maker):
        for place in range(len(result.events)):
            day = maker.material.at(item, "events", place, "period")
            claims += maker.claim("flow", "flow.event", day)
    return claims


def sector_flow(maker: Maker, section: Section, sector: str) -> list[Claim]:
    """Return what foreign investors did in one sector, against its stance."""
    for item, place, row in flow_rows(maker):
        if row.sector == sector:
            verdict = _confirmation(maker, section, item, place, row)
            state = maker.material.at(item, "rows", place, "state")
            return [*verdict, *_opposite(maker, section, row, state)]
    return []


def lead_flow(maker: Maker, section: Section, sector: str) -> list[Claim]:
    """Return whether foreign investors confirm that a sector leads; nothing without any flow."""
    rows = list(flow_rows(maker))
    for item, place, row in rows:
        if row.sector == sector:
            names = ("state", "net_bn", "intensity_pct", "sessions", "streak_sessions")
            facts = [maker.material.at(item, "rows", place, name) for name in names]
            return maker.claim(section, _LEADS[row.state], *facts) or maker.claim(
                section, "flow.net", facts[1], facts[0]
            )
    for item, place, row_led in led(maker) if rows else ():
        if row_led.sector == sector:
            fact = maker.material.at(item, "rows", place, "weekly", "quadrant")
            return maker.claim(section, "flow.not_covered", fact)
    return []


def net_flow(maker: Maker, section: Section, sector: str) -> list[Claim]:
    """Return what foreign investors did in one sector, and no verdict."""
    for item, place, row in flow_rows(maker):
        if row.sector == sector:
            names = ("net_bn", "state")
            facts = [maker.material.at(item, "rows", place, name) for name in names]
            return maker.claim(section, "flow.net", *facts)
    return []


def flow_ranking(maker: Maker, section: Section) -> list[Claim]:
    """Return net buyers from the largest, net sellers from the largest, and where blocks were.

    Asked who is sold, it tells the sellers first.
    """
    rows = sorted(flow_rows(maker), key=lambda entry: (-entry[2].net_bn, entry[2].sector))
    buyers = [entry for entry in rows if entry[2].net_bn > 0][:BUYERS_CAP]
    sellers = [entry for entry in reversed(rows) if entry[2].net_bn < 0][:SELLERS_CAP]
    claims = _basis(maker, section, rows)
    told = [(buyers, rows[:1]), (sellers, rows[-1:])]
    for chosen, end in reversed(told) if only_low(maker) else told:
        for entry in chosen:
            claims += _ranked(maker, section, entry, extreme=entry in end)
    claims += _desks(maker, section, rows)
    claims += _split(maker, section, [*buyers, *sellers])
    blocked = [
        maker.material.at(item, "rows", place, "block_sessions")
        for item, place, row in [*buyers, *sellers]
        if row.block_sessions > 0
    ]
    return [*claims, *(maker.claim(section, "flow.blocks", *blocked) if blocked else [])]


def whales(maker: Maker) -> list[Claim]:
    """Return the sectors with the most unusual events."""
    rows = [
        (-row.events_count, row.sector, row.kind, item, place)
        for item, place, row in _whale_rows(maker)
        if row.events_count > 0
    ]
    rows.sort(key=lambda row: row[:3])
    claims: list[Claim] = []
    for _, _, _, item, place in rows[:WHALES_CAP]:
        names = ("events_count", "watched_count", "signed_pct")
        facts = [maker.material.at(item, "rows", place, name) for name in names]
        claims += maker.claim("whales", "whales.sector", *facts)
    return claims


def whales_of(maker: Maker, section: Section, sector: str) -> list[Claim]:
    """Return the unusual events in one sector, none of them included."""
    claims: list[Claim] = []
    for item, place, row in _whale_rows(maker):
        if row.sector == sector:
            names = ("events_count", "watched_count", "signed_pct")
            facts = [maker.material.at(item, "rows", place, name) for name in names]
            claims += maker.claim(section, "whales.sector", *facts)
    return claims


def flow_rows(maker: Maker) -> Iterator[tuple[Evidence, int, FlowRow]]:
    """Yield the answer by sector, over the span asked about where there is one, row by row."""
    for item, result in _flows(maker):
        for place, row in enumerate(result.rows):
            if row.symbol is None:
                yield item, place, row


def _flows(maker: Maker) -> tuple[tuple[Evidence, FlowResult], ...]:
    """Return the one answer by sector that is told."""
    answers = maker.material.answers(maker.universe.id, FlowResult)
    return _told(
        maker, tuple(row for row in answers if row[0].tool == "get_foreign_flow_by_sector")
    )


def _told(
    maker: Maker, answers: tuple[tuple[Evidence, Told], ...]
) -> tuple[tuple[Evidence, Told], ...]:
    """Return the answer over the span asked about, else the first, which the score counts."""
    window = maker.material.request.window
    named = tuple(
        row for row in answers if window is not None and row[0].arguments.period == window
    )
    return (named or answers)[:1]


def _confirmation(
    maker: Maker, section: Section, item: Evidence, place: int, row: FlowRow
) -> list[Claim]:
    names = ("state", "net_bn", "intensity_pct")
    facts = [maker.material.at(item, "rows", place, name) for name in names]
    if row.state == "not_measurable":
        return maker.claim(section, "flow.not_measurable", *facts[:2])
    line = allocated(maker, row.sector, "stance")
    key = _CONFIRMS.get((_stance(line), row.state), "flow.flat")
    if line is None:
        return maker.claim(section, "flow.net", facts[1], facts[0])
    return maker.claim(section, key, line, *facts)


def _opposite(maker: Maker, section: Section, row: FlowRow, state: Fact | None) -> list[Claim]:
    """Return that the sector's price went the other way, against the benchmark as long."""
    found = row_of(maker, row.sector)
    name = next((name for most, name in _AS_LONG if row.sessions <= most), None)
    price = maker.material.at(found[0], "rows", found[1], name) if found and name else None
    if price is None or price.value is None or abs(price.value) < APART_PP:
        return []
    against = {"buying": price.value < 0.0, "selling": price.value > 0.0}
    return maker.claim(section, "flow.opposite", state, price) if against.get(row.state) else []


def _stance(line: Fact | None) -> Stance:
    """Return the stance a fact states; without one there is nothing to confirm."""
    return TypeAdapter(Stance).validate_python(line.label) if line else "neutral"


def _basis(
    maker: Maker, section: Section, rows: list[tuple[Evidence, int, FlowRow]]
) -> list[Claim]:
    if not rows:
        return []
    item, place, _ = rows[0]
    sessions = maker.material.at(item, "rows", place, "sessions")
    return maker.claim(section, "flow.basis", sessions, maker.material.at(item, "scope"))


def _ranked(
    maker: Maker, section: Section, entry: tuple[Evidence, int, FlowRow], *, extreme: bool
) -> list[Claim]:
    item, place, row = entry
    facts = [maker.material.at(item, "rows", place, name) for name in _NET]
    if not extreme:
        return maker.claim(section, "flow.ranked", *facts)
    end: Comparator = "highest" if row.net_bn > 0 else "lowest"
    return maker.claim(section, "flow.extreme", *facts, comparator=end) or maker.claim(
        section, "flow.ranked", *facts
    )


def _split(
    maker: Maker, section: Section, rows: list[tuple[Evidence, int, FlowRow]]
) -> list[Claim]:
    """Return what was matched and what was put through, where the source splits it."""
    claims: list[Claim] = []
    for item, place, _ in rows:
        names = ("matched_net_bn", "put_through_net_bn")
        facts = [maker.material.at(item, "rows", place, name) for name in names]
        claims += maker.claim(section, "flow.split", *facts)
    return claims


def _desks(
    maker: Maker, section: Section, rows: list[tuple[Evidence, int, FlowRow]]
) -> list[Claim]:
    """Return where securities firms' own desks bought most and sold most, where that is known."""
    known = [
        (net, row.sector, item, place)
        for item, place, row in rows
        if (net := row.proprietary_net_bn) is not None
    ]
    bought = sorted(entry for entry in known if entry[0] > 0)[::-1][:DESKS_CAP]
    sold = sorted(entry for entry in known if entry[0] < 0)[:DESKS_CAP]
    ends: tuple[tuple[list[_Desk], Comparator], ...] = ((bought, "highest"), (sold, "lowest"))
    claims: list[Claim] = []
    for chosen, comparator in ends:
        for number, (_, _, item, place) in enumerate(chosen):
            fact = maker.material.at(item, "rows", place, "proprietary_net_bn")
            if number or len({entry[0] for entry in known}) < 2:
                claims += maker.claim(section, "flow.desks", fact)
            else:
                claims += maker.claim(section, "flow.desks_extreme", fact, comparator=comparator)
    return claims


def _whale_rows(maker: Maker) -> Iterator[tuple[Evidence, int, WhaleRow]]:
    for item, result in _told(maker, maker.material.answers(maker.universe.id, WhaleResult)):
        for place, row in enumerate(result.rows):
            yield item, place, row
