"""Says on the command line what changed between two kept runs, and why."""

from app.cli.output import say, say_json, say_table
from app.cli.reporting import composition
from app.compose import Composition
from app.files.universes import one_of
from app.snapshots import kept_report, last_two
from core.errors import CallerError
from core.history.changes import changes
from core.history.snapshot import snapshot
from core.records.history import Change, Changes, Snapshot
from core.records.report import Report
from core.records.universe import Universe

LAST = "last"
HEADINGS = ("changed", "of", "before", "after", "cause", "shares")
USAGE = "name two runs, or `last` with --universe: `sectorwise runs` lists them"


def compare_runs(runs: tuple[str, ...], *, universe: str | None, as_json: bool) -> None:
    """Print what changed from the first run to the second, for every universe both decide on.

    Raises:
        CallerError: not two runs, or two that do not compare.
        DataError: a run is missing or damaged.
    """
    base = composition()
    home = base.settings.home_dir
    if runs == (LAST,):
        name = one_of(base.universes, universe or base.settings.universe).id
        first, second = last_two(home, name)
        chosen: tuple[str, ...] = (name,)
    elif len(runs) == 2:
        first, second = runs
        chosen = () if universe is None else (one_of(base.universes, universe).id,)
    else:
        raise CallerError(f"--compare: {USAGE}")
    before, after = kept_report(home, first), kept_report(home, second)
    found = [_compared(base, before, after, name) for name in chosen or _shared(before, after)]
    if as_json:
        say_json(found)
        return
    for row in found:
        _tell(row, base.universes[row.universe])


def _shared(before: Report, after: Report) -> tuple[str, ...]:
    names = tuple(name for name in after.request.universes if name in before.request.universes)
    if not names:
        raise CallerError("--compare: the two runs have no universe in common")
    return names


def _compared(base: Composition, before: Report, after: Report, universe: str) -> Changes:
    first, second = _decided(before, universe), _decided(after, universe)
    if first.horizon != second.horizon:
        raise CallerError(
            f"--compare: {universe} was asked over {first.horizon} and over {second.horizon}; "
            "take two runs of one horizon"
        )
    return changes(first, second, one_of(base.universes, universe))


def _decided(report: Report, universe: str) -> Snapshot:
    found = snapshot(report, universe)
    if found is None:
        raise CallerError(f"--compare: a run holds no decision on {universe} that can be compared")
    return found


def _tell(found: Changes, universe: Universe) -> None:
    title = f"{universe.name_en}, {found.horizon}: {found.since} to {found.as_of}"
    if not found.rows:
        say(f"{title}: nothing changed")
        return
    say_table(title, HEADINGS, [_row(row, universe) for row in found.rows])
    say(f"{len(found.rows)} changed; {found.same_count} ranks, quadrants and weights stayed")


def _row(row: Change, universe: Universe) -> tuple[str, ...]:
    known = row.subject in universe.sector_ids
    subject = universe.sector(row.subject).name_en if known else row.subject
    subject = "Cash" if row.kind == "cash" else subject
    before, after = _sides(row)
    shares = ", ".join(_share(row, share.amount, share.cause) for share in row.causes)
    return row.kind.replace("_", " "), subject, before, after, row.cause, shares


def _sides(row: Change) -> tuple[str, str]:
    if row.kind in {"weight", "cash"}:
        return f"{row.before_weight or 0.0:.1%}", f"{row.after_weight or 0.0:.1%}"
    if row.kind == "evidence":
        return row.before_reason or "answered", row.after_reason or "answered"
    pairs = {
        "rank": (row.before_rank, row.after_rank),
        "stance": (row.before_stance, row.after_stance),
    }
    before, after = pairs.get(row.kind, (row.before_quadrant, row.after_quadrant))
    return str(before or "none"), str(after or "none")


def _share(row: Change, amount: float, cause: str) -> str:
    if row.kind in {"weight", "cash"}:
        return f"{cause} {100.0 * amount:+.1f} pp"
    return f"{cause} {amount:+.0f}" if row.kind == "rank" and amount else cause
