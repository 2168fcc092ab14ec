"""Imports files for the command line and shows what is stored and what was wrong with it."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.cli.output import say, say_json, say_table, telling
from app.data import open_store, tool_context
from app.files.universes import load_universes, one_of
from app.settings import load_settings
from core.errors import DataError, DateError, EmptyStoreError
from core.gaps import gap_sentence
from core.records.result import Dataset
from tools.intake.doctor import StatusLine, doctor
from tools.intake.importing import Imported, ImportWords, opened, stored
from tools.market.status import data_status
from tools.sources.mapping import DATES, MappedField, Mapping


def import_files(
    universe: str,
    files: dict[Dataset, tuple[Path, ...]],
    *,
    columns: dict[str, str],
    units: dict[str, str],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show each file's mapping, then store it; a file that is refused stores nothing of itself.

    Raises:
        ImportRejectedError: a file cannot be read, mapped or used.
    """
    settings = load_settings()
    chosen = one_of(load_universes(settings.universe_files), universe)
    words = ImportWords(columns=columns, units=units)
    members_first = sorted(files.items(), key=lambda item: item[0] != "members")
    waiting = [opened(paths, dataset, chosen, words) for dataset, paths in members_first]
    mappings = [mapping for batch in waiting for mapping in batch.mappings]
    if as_json and dry_run:
        say_json(mappings)
    elif not as_json:
        for mapping in mappings:
            _show_mapping(mapping)
    if dry_run:
        return
    store = open_store(settings)
    today = datetime.now(ZoneInfo(chosen.timezone)).date()
    done: list[Imported] = []
    with telling() as tell:
        while waiting:
            batch = waiting.pop(0)
            tell(f"importing {batch.mappings[0].dataset}")
            done += stored(store, batch, today=today)
    if as_json:
        say_json([result.model_dump(mode="json", exclude={"findings"}) for result in done])
    else:
        for result in done:
            _show_result(result)


def show_health(universe: str, *, as_json: bool) -> None:
    """Show a universe's files, whether they can still be read, and what was wrong in them.

    Raises:
        DataError: a stored file is damaged or cannot be described at all.
    """
    settings = load_settings()
    chosen = one_of(load_universes(settings.universe_files), universe)
    with telling() as tell:
        tell(f"reading the store of {universe}")
        lines = doctor(open_store(settings), chosen.id)
    if as_json:
        say_json(lines)
    elif lines:
        _show_lines(chosen.id, lines)
    else:
        say(
            f"{chosen.id}: nothing stored; `sectorwise import --universe {chosen.id} --prices FILE`"
        )
    damaged = [(line, line.problem) for line in lines if line.problem]
    if damaged:
        first, problem = damaged[0]
        raise DataError(
            f"stored files that cannot be used: {len(damaged)}; {problem.rstrip('.')}: "
            f"`sectorwise import --universe {chosen.id} --{first.dataset} {first.origin}`"
        )


def show_status(universe: str, *, as_of: date, as_json: bool) -> None:
    """Show each data set's age at a date.

    Raises:
        EmptyStoreError: no data.
        DateError: the date is before them.
    """
    settings = load_settings()
    universes = load_universes(settings.universe_files)
    chosen = one_of(universes, universe)
    result = data_status(tool_context(settings, universes), region=chosen.id, as_of=as_of)
    if result.gap is not None:
        error = EmptyStoreError if result.gap.reason == "no_data" else DateError
        raise error(gap_sentence(result.gap, chosen, "en"))
    if as_json:
        say_json(result)
        return
    headings = ("data set", "first", "last", "rows", "series", "age, days", "state")
    rows = [
        (r.dataset, r.first, r.last, r.rows_count, r.symbols_count, r.age_days,
         "stale" if r.stale else "fresh")
        for r in result.rows
    ]  # fmt: skip
    say_table(f"{chosen.id} as of {as_of}", headings, rows)


def show_universes(*, as_of: date | None, as_json: bool) -> None:
    """Show every universe and the dates its stored prices span, up to as_of."""
    settings = load_settings()
    store = open_store(settings)
    rows = []
    for universe in load_universes(settings.universe_files).values():
        prices = [s for s in store.sources(universe.id) if s.dataset == "prices"]
        last = max((s.last for s in prices), default=None)
        rows.append(
            {
                "id": universe.id,
                "name": universe.name_en,
                "taxonomy": universe.taxonomy,
                "sectors": len(universe.sectors),
                "benchmark": universe.benchmark.id,
                "first": min((s.first for s in prices), default=None),
                "last": min(last, as_of) if last and as_of else last,
            }
        )
    if as_json:
        say_json(rows)
        return
    headings = ("id", "name", "taxonomy", "sectors", "benchmark", "first", "last")
    say_table("universes", headings, [[row[name] for name in headings] for row in rows])


def _show_lines(universe: str, lines: tuple[StatusLine, ...]) -> None:
    headings = ("data set", "file", "first", "last", "rows", "left out", "marked", "known at")
    say_table(f"{universe}: stored", headings, [_health(line) for line in lines])
    for line in lines:
        for sentence in (*((line.problem,) if line.problem else ()), *line.sentences()):
            say(f"  {sentence}")


def _show_mapping(mapping: Mapping) -> None:
    rows = [
        (row.field, row.column or f"= {row.constant}", _unit_words(row), row.how)
        for row in mapping.rows
    ]
    basis = f", {mapping.basis}" if mapping.dataset in {"prices", "intraday"} else ""
    title = f"read as {mapping.dataset} ({mapping.layout}{basis})"
    say_table(title, ("field", "column", "unit", "how"), rows)


def _unit_words(row: MappedField) -> str:
    if row.field not in DATES or not row.unit:
        return row.unit
    doubt = f"; ambiguous, tell with --unit {row.field}=day-first" if row.ambiguous else ""
    return f"read as {row.unit}{doubt}"


def _show_result(result: Imported) -> None:
    outcome = "stored" if result.stored else "were stored before"
    say(
        f"{result.dataset}: {result.rows_count:,} rows {outcome}, "
        f"{result.rejected_count:,} rejected ({result.origin})"
    )
    for count in result.finding_counts:
        say(f"  {count.rows_count:>9,}  {count.sentence(result.findings)}")


def _health(line: StatusLine) -> tuple[object, ...]:
    known = "assumed" if line.assumed_known_at else "in the file"
    return (
        line.dataset, line.origin, line.first, line.last, line.rows_count, line.rejected_count,
        line.flagged_count, known,
    )  # fmt: skip
