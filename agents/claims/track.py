"""Claims of how earlier calls turned out: the report card, and when it is too short to judge."""

from agents.claims.maker import Maker
from core.records.evidence import Fact
from core.records.report import Claim, Section

ENOUGH_CALLS = 20
"""Settled calls from which a hit rate says something: below, its standard error exceeds 11 %."""


def track(maker: Maker, section: Section = "track") -> list[Claim]:
    """Return the settled calls: how many, how often right, mean excess, the worst; live since."""
    card = maker.material.report_card(maker.universe.id)
    if card is None:
        return []
    if card.reports_count == 0:
        return maker.claim(section, "track.none", _told(maker, "reports_count"))
    if card.settled_count == 0:
        return maker.claim(section, "track.open", _told(maker, "open_count"))
    live = card.basis == "live"
    count = "live_count" if live else "settled_count"
    names = (count, "hit_fraction", "excess_mean_pct", "basis")
    claims = maker.claim(section, "track.record", *(_told(maker, name) for name in names))
    if (card.live_count if live else card.settled_count) < ENOUGH_CALLS:
        claims += maker.claim(section, "track.small", _told(maker, count))
    momentum = _told(maker, "momentum_excess_mean_pct")
    claims += maker.claim(section, "track.momentum", momentum)
    worst = ("stance", "called", "realised_excess_pct")
    claims += maker.claim(section, "track.worst", *(_told(maker, "worst", name) for name in worst))
    since = (_told(maker, "settled_count"), _told(maker, "live_count"), _told(maker, "live_since"))
    return [*claims, *maker.claim(section, "track.live", *since)]


def _told(maker: Maker, *path: str | int) -> Fact | None:
    return maker.material.told("track", maker.universe.id, *path)
