"""Decides how the protocol's outcome is written: one table a market, then all of them together."""

from collections.abc import Sequence

from evals.protocol.judging import Judged, Row, Window, pooled
from evals.protocol.models import BASELINES

HEAD = (
    "| strategy | IC (t) | n | net IR (t) | excess %/yr | turnover | DSR |\n"
    "|---|---|---|---|---|---|---|\n"
)


def written(parts: Sequence[Judged], window: Window) -> str:
    """Return Markdown."""
    lines = [f"# Protocol, to {window.end}\n"]
    for part in parts:
        luck = part.luck
        lines.append(f"\n## {part.market}, {part.first} to {part.last}\n\n{HEAD}")
        lines += [_line(row) for row in part.rows]
        lines.append(
            f"\nTrials {luck.trials_count}; best of them by luck {_number(luck.luck_sharpe)} a "
            f"year; PBO {_number(luck.pbo)} over {luck.pbo_splits_count} splits; SPA p "
            f"{_number(luck.spa_p)} (does the best beat equal weight).\n"
        )
    lines.append(_together(parts))
    return "".join(lines)


def _together(parts: Sequence[Judged]) -> str:
    if len(parts) < 2:
        return ""
    counts = sum(part.luck.trials_count for part in parts)
    names = [str(name) for name in parts[0].monthly.columns]
    shared = [name for name in names if all(name in part.monthly for part in parts)]
    ratios = {name: pooled(parts, name, 1, [])[0] for name in shared}
    sharpes = [ratio / 12**0.5 for ratio in ratios.values() if ratio is not None]
    head = "\n## All markets, by month\n\n| strategy | IR | DSR | months |\n|---|---|---|---|\n"
    rows = []
    for name in shared:
        ratio, dsr, months = pooled(parts, name, counts, sharpes)
        rows.append(f"| {name} | {_number(ratio)} | {_number(dsr)} | {months} |\n")
    return head + "".join(rows)


def _line(row: Row) -> str:
    name = row.strategy if row.strategy in BASELINES else f"**{row.strategy}**"
    return (
        f"| {name} | {_number(row.ic, 3)} ({_number(row.ic_t, 1)}) | {row.ics_count} "
        f"| {_number(row.ratio)} ({_number(row.ratio_t, 1)}) | {100.0 * row.excess:+.2f} "
        f"| {_number(row.turnover, 1)} | {_number(row.dsr)} |\n"
    )


def _number(value: float | None, decimals: int = 2) -> str:
    return "–" if value is None else f"{value:.{decimals}f}"
