"""Shows a mandate's versions for the command line, and whether its limits can all hold."""

import tomllib
from dataclasses import asdict
from datetime import date
from pathlib import Path

from app.cli.output import say, say_json, say_table, telling
from app.feasibility import Verdict, verdicts
from app.files.mandates import load_book, mandate_at
from app.files.universes import load_universes, one_of
from app.settings import load_settings
from core.errors import CallerError, MandateError
from core.mandate import mandate_changes, stated_limits
from core.records.mandate import Mandate, MandateBook

ALWAYS = "always"


def check_mandate(file: Path, universe: str | None, *, as_of: date | None, as_json: bool) -> None:
    """Show every version's limits; with a universe, whether those in force or to come can hold.

    Raises:
        MandateError: the file cannot be read, or limits cannot all hold.
        EmptyStoreError: the universe has no data to check against.
    """
    book = load_book(file)
    if not tomllib.loads(file.expanduser().read_text(encoding="utf-8")):
        raise MandateError(f"mandate {file} states no limit; docs/guide.md lists those there are")
    found = () if universe is None else _checked(book, universe, as_of)
    if as_json:
        say_json({"book": book, "verdicts": [_shown(verdict) for verdict in found]})
    else:
        _show_book(book)
        for verdict in found:
            say(_sentence(verdict))
    impossible = next((row.error for row in found if row.error is not None), None)
    if impossible is not None:
        raise impossible


def diff_mandates(
    old: Path, new: Path | None, *, start: date | None, end: date | None, as_json: bool
) -> None:
    """Show the limits that differ between two versions.

    Raises:
        MandateError: a file cannot be read.
        CallerError: one file of one version, and no second to compare it with.
    """
    before, after = _pair(old, new, start, end)
    changes = mandate_changes(before, after)
    if as_json:
        rows = [asdict(row) for row in changes]
        say_json({"before": before.version, "after": after.version, "changes": rows})
        return
    say(f"{_heading(before)} -> {_heading(after)}")
    if not changes:
        say("no limit differs")
        return
    rows_shown = [(row.limit, row.before, row.after) for row in changes]
    say_table("what changed", ("limit", "before", "after"), rows_shown)


def _checked(book: MandateBook, universe: str, as_of: date | None) -> tuple[Verdict, ...]:
    settings = load_settings()
    universes = load_universes(settings.universe_files)
    chosen = one_of(universes, universe)
    with telling() as tell:
        tell(f"reading the store of {chosen.id}")
        return verdicts(book, chosen, settings, universes, as_of=as_of)


def _sentence(verdict: Verdict) -> str:
    """Return the verdict in words, with every way out of a conflict."""
    held = "the benchmark" if verdict.held is None else f"the holdings of {verdict.held}"
    version = f"version {verdict.mandate.version} ({_since(verdict.mandate)})"
    head = f"{version}, from {held} on {verdict.as_of}"
    if verdict.allocation is not None:
        return (
            f"{head}: its limits can all hold; going toward the benchmark within them "
            f"trades {verdict.allocation.turnover:.1%} one-way"
        )
    conflict = None if verdict.error is None else verdict.error.conflict
    choices = () if conflict is None else conflict.relaxations
    return "\n".join([f"{head}: {verdict.error}", *(f"  - {text}" for text in choices)])


def _shown(verdict: Verdict) -> dict[str, object]:
    """Return the verdict for programs."""
    return {
        "version": verdict.mandate.version,
        "as_of": verdict.as_of,
        "held": verdict.held,
        "possible": verdict.allocation is not None,
        "turnover": None if verdict.allocation is None else verdict.allocation.turnover,
        "problem": None if verdict.error is None else str(verdict.error),
        "conflict": None if verdict.error is None else verdict.error.conflict,
    }


def _pair(
    old: Path, new: Path | None, start: date | None, end: date | None
) -> tuple[Mandate, Mandate]:
    first = load_book(old)
    second = first if new is None else load_book(new)
    if new is None and start is None and end is None:
        if len(first.versions) == 1:
            raise CallerError(
                f"mandate {first.id} has one version; name another file, or --from and --to"
            )
        return first.versions[-2], first.versions[-1]
    before = first.versions[0 if new is None else -1] if start is None else mandate_at(first, start)
    after = second.versions[-1] if end is None else mandate_at(second, end)
    return before, after


def _show_book(book: MandateBook) -> None:
    where = "" if book.universe is None else f" for {book.universe}"
    told = [stated_limits(row) for row in book.versions]
    names = list(dict.fromkeys(name for limits in told for name in limits))
    headings = ("limit", *(f"version {row.version}, {_since(row)}" for row in book.versions))
    rows = [(name, *(limits.get(name, "") for limits in told)) for name in names]
    say_table(f"mandate {book.id}{where}", headings, rows)
    for row in book.versions:
        if row.author or row.reason:
            say(f"version {row.version}: {', '.join(filter(None, (row.author, row.reason)))}")


def _heading(mandate: Mandate) -> str:
    by = f" by {mandate.author}" if mandate.author else ""
    why = f" ({mandate.reason})" if mandate.reason else ""
    return f"{mandate.id} version {mandate.version}, {_since(mandate)}{by}{why}"


def _since(mandate: Mandate) -> str:
    return ALWAYS if mandate.valid_from is None else f"from {mandate.valid_from}"
