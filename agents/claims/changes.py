"""Claims of what changed since the predecessor, each with its cause; no cause is guessed here."""

from agents.claims.maker import Maker
from core.records.evidence import Fact
from core.records.history import Change, ChangeKind
from core.records.report import Claim, Section

PAGE_CAP = 6
"""Changes a page has room for."""
ANSWER_CAP = 18
_FIELDS: dict[ChangeKind, str] = {
    "rank": "rank", "weekly_quadrant": "quadrant", "daily_quadrant": "quadrant",
    "weight": "weight", "stance": "stance", "cash": "weight", "evidence": "reason",
}  # fmt: skip
_ORDER: tuple[ChangeKind, ...] = (
    "stance", "weight", "rank", "weekly_quadrant", "cash", "evidence", "daily_quadrant",
)  # fmt: skip
"""What a reader acts on first."""
_EACH = 2
"""Changes of one kind told before the next kind's."""


def changed(maker: Maker, section: Section = "changes", cap: int = PAGE_CAP) -> list[Claim]:
    """Return since when, then the changes with their causes; nothing without a predecessor."""
    found = maker.material.changed(maker.universe.id)
    if found is None:
        return []
    opening = (_told(maker, "since"), _told(maker, "same_count"))
    if not found.rows:
        return maker.claim(section, "changes.nothing", *opening)
    claims = maker.claim(section, "changes.since", *opening)
    for place in _chosen(found.rows)[:cap]:
        claims += _change(maker, section, place, found.rows[place])
    return claims


def _chosen(rows: tuple[Change, ...]) -> list[int]:
    """Return the places of the changes: two of each kind in order, then the others."""
    ranked = sorted(range(len(rows)), key=lambda place: (_ORDER.index(rows[place].kind), place))
    seen: dict[ChangeKind, int] = {}
    first: list[int] = []
    for place in ranked:
        kind = rows[place].kind
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= _EACH:
            first.append(place)
    return [*first, *(place for place in ranked if place not in first)]


def _change(maker: Maker, section: Section, place: int, row: Change) -> list[Claim]:
    field = _FIELDS[row.kind]
    before, after = (_row(maker, place, f"{when}_{field}") for when in ("before", "after"))
    cause = _row(maker, place, "cause")
    parts = [
        _row(maker, place, "causes", number, "amount")
        for number, share in enumerate(row.causes)
        if share.amount != 0.0
    ]
    if row.kind == "evidence":
        return _answered(maker, section, before, after, cause)
    if before is None:
        return maker.claim(section, "changes.gained", after, cause)
    if after is None:
        return maker.claim(section, "changes.lost", before, cause)
    if len(parts) < 2:
        return maker.claim(section, "changes.moved", before, after, cause)
    moved = maker.claim(section, "changes.moved_mostly", before, after, cause)
    return [*moved, *maker.listing(section, "changes.parts", *parts)]


def _answered(
    maker: Maker, section: Section, before: Fact | None, after: Fact | None, cause: Fact | None
) -> list[Claim]:
    if after is not None:
        return maker.claim(section, "changes.went", after, cause)
    if before is not None:
        return maker.claim(section, "changes.came", before, cause)
    return maker.claim(section, "changes.other_data", cause)


def _row(maker: Maker, place: int, *path: str | int) -> Fact | None:
    return _told(maker, "rows", place, *path)


def _told(maker: Maker, *path: str | int) -> Fact | None:
    return maker.material.told("changes", maker.universe.id, *path)
