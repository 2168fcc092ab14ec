"""Decides the steps from a user's files to stored rows: read, map, check, write; all or nothing.

`opened` reads and maps without writing; `stored` writes what was opened.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
from pydantic import Field

from core.errors import ImportRejectedError
from core.records.record import Record
from core.records.result import Dataset
from core.records.universe import Universe
from tools.intake.basis import beside_stored
from tools.intake.file_findings import located, with_file_findings
from tools.intake.finding_book import Judgement
from tools.intake.frame_contract import Checked, checked
from tools.intake.precedence import against_later_known
from tools.sources.alternative import series_rows
from tools.sources.files import RawFile, raw_file
from tools.sources.fundamentals import fundamental_rows
from tools.sources.headlines import headline_reading, headline_rows
from tools.sources.macro import macro_rows
from tools.sources.mapping import Mapping, guess_mapping
from tools.sources.members import member_rows
from tools.sources.positions import position_rows
from tools.sources.prices import flow_rows, has_flows, looks_adjusted, price_rows
from tools.sources.reading import Reading
from tools.sources.weights import weight_rows
from tools.storage.findings import REJECTED, Finding, FindingCount
from tools.storage.partition import Lot
from tools.storage.store import Store


class ImportWords(Record):
    """What a user says over the guess."""

    columns: dict[str, str] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)


class Imported(Record):
    """What became of one data set of the files."""

    dataset: Dataset
    origin: str
    stored: bool
    rows_count: int
    rejected_count: int
    mapping: tuple[Mapping, ...]
    finding_counts: tuple[FindingCount, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """Files of one data set, each read once, with the mapping an import would use."""

    universe: Universe
    groups: tuple[tuple[Reading, ...], ...]

    @property
    def mappings(self) -> tuple[Mapping, ...]:
        """One mapping a file and data set, to be shown before anything is written."""
        return tuple(reading.mapping for group in self.groups for reading in group)


def opened(
    paths: tuple[Path, ...], dataset: Dataset, universe: Universe, words: ImportWords | None = None
) -> Opened:
    """Read the files and decide their mappings; nothing is written.

    A price file with foreign buys and sells is opened as flows too, news also as rows for display.
    Two files are read together for members only: who is in which sector, and from when to when.

    Raises:
        ImportRejectedError: a file cannot be read or mapped.
    """
    groups = _readings(paths, dataset, universe, words or ImportWords())
    return Opened(universe, tuple(groups))


def stored(store: Store, files: Opened, *, today: date | None = None) -> tuple[Imported, ...]:
    """Store the files' sound rows and return what was found, one result a data set.

    Args:
        store: where to.
        files: what `opened` returned.
        today: rows of later days are rejected; None: no day is in the future.

    Raises:
        ImportRejectedError: a file cannot be used; then nothing was stored.
    """
    lots = [(group, *_checked_lot(store, group, today)) for group in files.groups]
    results = []
    for group, lot, sound in lots:
        part = store.write(files.universe.id, sound.rows, lot)
        results.append(_result(group, lot, sound, stored=part is not None))
    return tuple(results)


def imported(
    store: Store,
    paths: tuple[Path, ...],
    dataset: Dataset,
    universe: Universe,
    words: ImportWords | None = None,
    *,
    today: date | None = None,
) -> tuple[Imported, ...]:
    """Open the files and store them at once.

    Raises:
        ImportRejectedError: a file cannot be read, mapped or used; then nothing was stored.
    """
    return stored(store, opened(paths, dataset, universe, words), today=today)


def _readings(
    paths: tuple[Path, ...], dataset: Dataset, universe: Universe, words: ImportWords
) -> list[tuple[Reading, ...]]:
    """Return groups of readings; each group becomes one partition."""
    files = [raw_file(path) for path in paths]
    if not files:
        raise ImportRejectedError(f"{dataset}: name at least one file.")
    if dataset == "members" and len(files) > 1:
        return [_member_pair(files, universe, words)]
    groups: list[tuple[Reading, ...]] = []
    for file in files:
        main = _reading(file, dataset, universe, words)
        if dataset == "members" and not main.mapping.column("sector"):
            raise ImportRejectedError(
                f"{file.name}: no sector column; name the file that tells sectors beside it."
            )
        groups.append((main,))
        if dataset == "series" and main.mapping.column("text"):
            groups.append((headline_reading(main),))
        if has_flows(dataset, file.frame.columns):
            keys = {k: v for k, v in words.columns.items() if k in ("symbol", "period")}
            flow_words = ImportWords(columns=keys, units=words.units)
            groups.append((_reading(file, "flows", universe, flow_words),))
    return groups


def _reading(file: RawFile, dataset: Dataset, universe: Universe, words: ImportWords) -> Reading:
    mapping = guess_mapping(
        file.frame,
        dataset,
        universe,
        file=file.name,
        columns=words.columns,
        units=words.units,
    )
    return Reading(file, mapping, universe)


def _member_pair(
    files: list[RawFile], universe: Universe, words: ImportWords
) -> tuple[Reading, ...]:
    readings = [_reading(file, "members", universe, words) for file in files]
    maps = [reading for reading in readings if reading.mapping.column("sector")]
    spells = [reading for reading in readings if not reading.mapping.column("sector")]
    if (len(maps), len(spells)) != (1, 1):
        raise ImportRejectedError(
            f"members: of two files one must have a sector column and the other start and end "
            f"dates without one; got {', '.join(file.name for file in files)}."
        )
    return maps[0], spells[0]


def _checked_lot(
    store: Store, group: tuple[Reading, ...], today: date | None
) -> tuple[Lot, Checked]:
    reading = group[0]
    dataset, file = reading.mapping.dataset, reading.file
    rows, basis = _rows(store, group), reading.mapping.basis
    if dataset in ("prices", "intraday") and basis == "raw" and looks_adjusted(rows):
        basis = "adjusted"
        rows["adj_close"] = rows["close"]
    judgement = Judgement(
        file=file.name,
        dataset=dataset,
        currency=reading.universe.currency,
        today=today,
        calendar=reading.universe.calendar,
    )
    sound = with_file_findings(store, reading, checked(located(rows, reading), judgement))
    if dataset in ("prices", "intraday"):
        sound = beside_stored(
            store, reading.universe.id, sound, judgement, adjusted=basis == "adjusted"
        )
    if basis == "raw":
        sound = against_later_known(store, reading, sound)
    hashes = "".join(part.file.sha256 for part in group)
    whole = file.sha256 if len(group) == 1 else hashlib.sha256(hashes.encode()).hexdigest()
    recipe = "".join(part.mapping.canonical_json() for part in group)
    lot = Lot(
        dataset=dataset,
        origin=file.name,
        input_sha256=whole,
        recipe_sha256=hashlib.sha256(recipe.encode()).hexdigest(),
        basis=basis,
        assumed_known_at=bool(sound.rows["assumed"].any()) if "assumed" in sound.rows else False,
        finding_counts=sound.counts,
        findings=sound.findings,
    )
    return lot, sound


_READERS: dict[Dataset, Callable[[Reading], pd.DataFrame]] = {
    "prices": price_rows,
    "intraday": price_rows,
    "flows": flow_rows,
    "macro": macro_rows,
    "fundamentals": fundamental_rows,
}
"""Readers that need nothing but the file."""


def _rows(store: Store, group: tuple[Reading, ...]) -> pd.DataFrame:
    reading = group[0]
    alone = _READERS.get(reading.mapping.dataset)
    if alone is not None:
        return alone(reading)
    match reading.mapping.dataset:
        case "members":
            return member_rows(reading, group[1] if len(group) > 1 else None)
        case "positions":
            return position_rows(reading, _stored_closes(store, reading.universe.id))
        case "weights":
            columns = ("symbol", "sector", "start", "end")
            return weight_rows(reading, store.read(reading.universe.id, "members", columns=columns))
        case "series":
            return series_rows(reading, _member_symbols(store, reading.universe.id))
        case "news":
            return headline_rows(reading, _member_symbols(store, reading.universe.id))
        case other:
            raise ImportRejectedError(f"{other}: this data set is not imported from files.")


def _member_symbols(store: Store, universe: str) -> frozenset[str]:
    return frozenset(map(str, store.read(universe, "members", columns=("symbol",))["symbol"]))


def _stored_closes(store: Store, universe: str) -> pd.DataFrame:
    rows = store.read(universe, "prices", columns=("symbol", "period", "close", "adj_close"))
    rows["close"] = rows["close"].fillna(rows["adj_close"])
    return rows[["symbol", "period", "close"]]


def _result(group: tuple[Reading, ...], lot: Lot, sound: Checked, *, stored: bool) -> Imported:
    return Imported(
        dataset=lot.dataset,
        origin=lot.origin,
        stored=stored,
        rows_count=len(sound.rows),
        rejected_count=sum(n.rows_count for n in lot.finding_counts if n.kind in REJECTED),
        mapping=tuple(reading.mapping for reading in group),
        finding_counts=lot.finding_counts,
        findings=lot.findings,
    )
