"""Claims that tell a past rotation stay by stay, dated; nothing in them looks ahead."""

from agents.claims.leaders import focused
from agents.claims.maker import Maker
from core.records.evidence import Evidence, Fact
from core.records.report import Claim
from core.records.sectors import RotationHistoryResult, RotationSpell

TOLD_FROM = 3
"""Bars from which a stay's own course is told."""

Stay = tuple[Evidence, int, RotationSpell]
_LEFT_ON: dict[tuple[bool, bool], str] = {
    (True, True): "path.throughout",
    (True, False): "path.already",
    (False, True): "path.still",
    (False, False): "path.stay",
}
"""Patterns by whether a stay began with the span, and whether it ran on at its end."""


def told(maker: Maker) -> list[Claim]:
    """Return what is told of which span, then each stay of the sectors asked about.

    Where no sector is named the stays in LEADING of all of them are told, in the order they began.
    """
    claims: list[Claim] = []
    named = focused(maker)
    for item, result in maker.material.answers(maker.universe.id, RotationHistoryResult):
        stays = [(item, place, row) for place, row in enumerate(result.rows)]
        if not named:
            stays = [stay for stay in stays if stay[2].quadrant == "LEADING"]
            stays.sort(key=lambda stay: (stay[2].entered, stay[2].sector))
        claims += _basis(maker, stays, item, named=bool(named))
        for stay in stays:
            first = _first(result, stay[2])
            claims += _stay(maker, stay, first=first)
            claims += _course(maker, result, stay) if named else []
    return claims


def _basis(maker: Maker, stays: list[Stay], item: Evidence, *, named: bool) -> list[Claim]:
    if not stays:
        return []
    quadrant = _at(maker, stays[0], "quadrant")
    since = maker.material.at(item, "since")
    return maker.claim("answer", "path.basis" if named else "path.basis_all", quadrant, since)


def _first(result: RotationHistoryResult, stay: RotationSpell) -> bool:
    """Tell whether a stay is its sector's first of the span."""
    own = [row.entered for row in result.rows if row.sector == stay.sector]
    return stay.entered == min(own)


def _stay(maker: Maker, stay: Stay, *, first: bool) -> list[Claim]:
    names = ("quadrant", "entered", "left", "bars_count")
    key = _LEFT_ON[first, stay[2].running]
    return maker.claim("answer", key, *(_at(maker, stay, name) for name in names))


def _course(maker: Maker, result: RotationHistoryResult, stay: Stay) -> list[Claim]:
    """Return where momentum stood furthest within a stay, and how near it came back after."""
    row = stay[2]
    if row.bars_count < TOLD_FROM:
        return []
    side = "peak" if row.quadrant in {"LEADING", "IMPROVING"} else "trough"
    furthest = [_at(maker, stay, name) for name in ("momentum_peak_index", "momentum_peak_period")]
    turned = [_at(maker, stay, name) for name in ("momentum_turn_index", "momentum_turn_period")]
    ratio = _ratio(maker, result, stay)
    return maker.claim("answer", f"path.{side}_turned", *furthest, *turned, ratio) or maker.claim(
        "answer", f"path.{side}", *furthest
    )


def _ratio(maker: Maker, result: RotationHistoryResult, stay: Stay) -> Fact | None:
    """Return RS-Ratio on the day momentum came nearest back."""
    for number, path in enumerate(result.paths):
        for place, point in enumerate(path.tail if path.sector == stay[2].sector else ()):
            if point.period == stay[2].momentum_turn_period:
                where = ("paths", number, "tail", place, "rs_ratio_index")
                return maker.material.at(stay[0], *where)
    return None


def _at(maker: Maker, stay: Stay, name: str) -> Fact | None:
    return maker.material.at(stay[0], "rows", stay[1], name)
