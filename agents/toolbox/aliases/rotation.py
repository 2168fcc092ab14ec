"""Makes heatmap rows of daily sector returns, recorded day by day; one day tells no rotation."""

from collections.abc import Iterable
from datetime import date, datetime

from agents.toolbox.aliases.closed_rows import ClosedAnswer, Value
from agents.toolbox.aliases.recipes import Making, Row
from agents.toolbox.freshness import finished_session
from core.records.universe import Universe
from core.rotation.recorded import recorded_rotation


def rotation_rows(making: Making, recorded: tuple[ClosedAnswer, ...]) -> list[Row]:
    """Return a row for each sector the answer names, with what the recorded days say of it.

    Args:
        making: of the answer that is shown.
        recorded: every answer fetched so far, in any order.
    """
    told = recorded_rotation(
        daily_returns(recorded, making.universe), making.universe, as_of=making.as_of
    )
    counts = _counts(making.rows)
    rows: list[Row] = []
    for sector in making.universe.sectors:
        if sector.id not in counts:
            continue
        row: Row = {
            "sector": sector.id,
            "ticker": sector.ticker,
            "members_count": counts[sector.id],
        }
        if sector.id in told:
            found = told[sector.id]
            row |= {"weekly": found.weekly, "daily": found.daily, **found.returns_pct}
        rows.append(making.held(row))
    return rows


def daily_returns(
    recorded: Iterable[ClosedAnswer], universe: Universe
) -> dict[date, dict[str, float]]:
    """Return each finished session's sector returns, percent, from its last answer after the close.

    Groups of theirs that are one sector of ours are averaged by their number of stocks; without
    those numbers the sector has no return that day.
    """
    last: dict[date, tuple[datetime, ClosedAnswer]] = {}
    for answer in recorded:
        session = finished_session(universe, answer.fetched_at, said=answer.day)
        if session is not None and (session not in last or last[session][0] <= answer.fetched_at):
            last[session] = (answer.fetched_at, answer)
    return {day: _by_sector(answer.rows) for day, (_, answer) in last.items()}


def _by_sector(rows: tuple[dict[str, Value], ...]) -> dict[str, float]:
    groups: dict[str, list[tuple[float, float | None]]] = {}
    for row in rows:
        sector, change, count = (
            row.get(name) for name in ("sector", "return_pct", "members_count")
        )
        if isinstance(sector, str) and isinstance(change, float):
            known = count if isinstance(count, float) and count > 0 else None
            groups.setdefault(sector, []).append((change, known))
    means = {sector: _mean(parts) for sector, parts in groups.items()}
    return {sector: mean for sector, mean in means.items() if mean is not None}


def _mean(parts: list[tuple[float, float | None]]) -> float | None:
    if len(parts) == 1:
        return parts[0][0]
    counts = [count for _, count in parts if count is not None]
    if len(counts) < len(parts):
        return None
    weighted = zip(parts, counts, strict=True)
    return sum(change * count for (change, _), count in weighted) / sum(counts)


def _counts(rows: list[dict[str, Value]]) -> dict[str, int | None]:
    """Return the number of stocks of each named sector; None where a group does not say."""
    found: dict[str, int | None] = {}
    for row in rows:
        sector, count = row.get("sector"), row.get("members_count")
        if not isinstance(sector, str):
            continue
        before = found.get(sector, 0)
        if isinstance(count, float) and before is not None:
            found[sector] = before + int(count)
        else:
            found[sector] = None
    return found
