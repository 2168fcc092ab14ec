"""Claims of who trades: whether foreign investors confirm a sector, and unusual large activity."""

from collections.abc import Iterator

from pydantic import TypeAdapter

from agents.claims.decision import allocated
from agents.claims.leaders import spoken_of
from agents.claims.maker import Maker
from core.records.decision import Stance
from core.records.evidence import Evidence, Fact
from core.records.payloads import FlowResult, FlowRow, FlowState, WhaleResult, WhaleRow
from core.records.report import Claim, Section

WHALES_CAP = 4
_CONFIRMS: dict[tuple[Stance, FlowState], str] = {
    ("overweight", "buying"): "flow.confirmed",
    ("overweight", "selling"): "flow.contradicted",
    ("underweight", "selling"): "flow.confirmed",
    ("underweight", "buying"): "flow.contradicted",
}


def flow(maker: Maker) -> list[Claim]:
    """Return for each leading sector whether foreign investors confirm it."""
    claims: list[Claim] = []
    for sector in spoken_of(maker):
        claims += sector_flow(maker, "flow", sector)
    return claims


def sector_flow(maker: Maker, section: Section, sector: str) -> list[Claim]:
    """Return what foreign investors did in one sector."""
    for item, place, row in flow_rows(maker):
        if row.sector == sector:
            return _confirmation(maker, section, item, place, row)
    return []


def flow_ranking(maker: Maker, section: Section, *, count: int) -> list[Claim]:
    """Return the sectors with the largest net foreign value, and the one with the smallest."""
    rows = sorted(
        ((-row.net_bn, row.sector, item, place) for item, place, row in flow_rows(maker)),
        key=lambda row: row[:2],
    )
    claims: list[Claim] = []
    for number, (_, _, item, place) in enumerate(rows[:count]):
        claims += _ranked(maker, section, item, place, highest=number == 0)
    if len(rows) > count:
        _, _, item, place = rows[-1]
        claims += maker.claim(
            section,
            "flow.extreme",
            *_net(maker, item, place),
            comparator="lowest",
        )
    return claims


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


def flow_rows(maker: Maker) -> Iterator[tuple[Evidence, int, FlowRow]]:
    """Yield the first answer by sector, row by row."""
    for item, result in maker.material.answers(maker.universe.id, FlowResult):
        if item.tool == "get_foreign_flow_by_sector":
            for place, row in enumerate(result.rows):
                if row.symbol is None:
                    yield item, place, row
            return


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


def _stance(line: Fact | None) -> Stance:
    """Return the stance a fact states; without one there is nothing to confirm."""
    return TypeAdapter(Stance).validate_python(line.label) if line else "neutral"


def _ranked(
    maker: Maker, section: Section, item: Evidence, place: int, *, highest: bool
) -> list[Claim]:
    facts = _net(maker, item, place)
    if highest:
        return maker.claim(section, "flow.extreme", *facts, comparator="highest")
    return maker.claim(section, "flow.net", *facts)


def _net(maker: Maker, item: Evidence, place: int) -> tuple[Fact | None, Fact | None]:
    return (
        maker.material.at(item, "rows", place, "net_bn"),
        maker.material.at(item, "rows", place, "state"),
    )


def _whale_rows(maker: Maker) -> Iterator[tuple[Evidence, int, WhaleRow]]:
    for item, result in maker.material.answers(maker.universe.id, WhaleResult):
        for place, row in enumerate(result.rows):
            yield item, place, row
