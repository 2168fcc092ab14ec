"""Decides which kept reports the site may show, and which of them is the latest of a market.

A record never changes once it is written, so each is read once. What knows more than the server is
allowed to tell is not there, and what cannot be read is one sentence.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from app.chat.sources import stated
from app.render.words import Words, quoted
from app.research import RunRecord
from app.running.kept import RECORD
from app.snapshots import RUNS, Digest, kept_digests, kept_report
from app.web.house import House
from core.errors import DataError, UnknownIdError
from core.history.calls import is_plain
from core.records.mandate import Mandate
from core.records.record import Record, Slug
from core.records.report import Report
from core.records.request import Intent, Language, Request
from core.records.universe import Horizon
from core.remembered import Remembered

HELD: Final = 4096
"""Rows kept read; older ones are read again."""
REPORTS_HELD: Final = 8
"""Whole reports kept read: up to some megabytes each."""


class ReportRow(Record):
    """A finished run as lists name it."""

    run: Slug
    asked_on: date
    started_at: str = Field(description="ISO time, UTC")
    question: str = Field(description="the user's words on one line; empty for a plain report")
    stated: str = Field(description="limits and holdings the question states, in words")
    intent: Intent
    intent_name: str
    universes: tuple[Slug, ...]
    universe_names: tuple[str, ...]
    as_of: tuple[date, ...] = Field(description="one a universe that was decided on")
    horizon: Horizon
    language: Language
    model: str | None
    seconds: float
    evidence_count: int
    gaps_count: int
    synthetic: bool
    plain: bool = Field(description="the desk's own report, without limits or holdings in words")
    mandates: tuple[str, ...] = Field(description="name and version in words, one a universe")
    top_overweights: tuple[str, ...] = Field(description="names, one a universe that has one")


class KeptReports:
    """The finished runs of one home."""

    def __init__(self, house: House) -> None:
        """Keep whose they are."""
        self._house = house
        self._home = house.settings.home_dir
        self._records: Remembered[str, RunRecord] = Remembered(HELD)
        self._digests: Remembered[str, tuple[Digest, ...]] = Remembered(HELD)
        self._reports: Remembered[str, Report] = Remembered(REPORTS_HELD)

    def names(self) -> list[str]:
        """Return the runs with a record, the latest first."""
        found = (self._home / RUNS).glob(f"*/{RECORD}")
        return sorted((path.parent.name for path in found), reverse=True)

    def row(self, run: str, language: Language) -> ReportRow:
        """Return one run as lists name it.

        Raises:
            UnknownIdError: there is none, or it knows more than this server.
            DataError: its record is damaged.
        """
        record = self._record(run)
        request, digests = record.request, self._digest(run)
        worlds = [self._house.universes[name] for name in request.universes]
        words = {world.id: Words(language, world) for world in worlds}
        return ReportRow(
            run=run,
            asked_on=record.asked_on,
            started_at=record.started_at,
            question=quoted(request.text),
            stated=stated(_in(request, language), self._house.universes, today=record.asked_on),
            intent=request.intent,
            intent_name=words[worlds[0].id].label("intent", request.intent),
            universes=request.universes,
            universe_names=tuple(words[world.id].entity(world.id) for world in worlds),
            as_of=tuple(row.as_of for row in digests) or _stated(request.as_of),
            horizon=request.horizon,
            language=request.language,
            model=record.model,
            seconds=record.seconds,
            evidence_count=record.evidence_count,
            gaps_count=record.gaps_count,
            synthetic=any(world.synthetic for world in worlds),
            plain=is_plain(request),
            mandates=tuple(
                mandate_said(m.mandate, words[m.universe])
                for m in record.mandates
                if m.universe in words
            ),
            top_overweights=tuple(
                words[row.universe].entity(row.top_overweight)
                for row in digests
                if row.top_overweight and row.universe in words
            ),
        )

    def report(self, run: str) -> Report:
        """Return the report of a run.

        Raises:
            UnknownIdError: there is none, or it knows more than this server.
            DataError: it is damaged, or of a market that is gone.
        """
        self._record(run)
        report = self._reports.get(run, lambda: kept_report(self._home, run))
        latest = self._house.latest
        if latest is not None and max(report.as_of, default=latest) > latest:
            raise _unknown(run)
        return report

    def latest(self, universe: str, *, as_of: date | None, horizon: Horizon | None) -> str | None:
        """Return the plain report of a market with the last date up to as_of; None without one.

        Of one date the last made counts. Damaged ones are passed over.
        """
        found = (
            (row.as_of, run)
            for run, record in self._whole()
            if is_plain(record.request) and horizon in {None, record.request.horizon}
            for row in self._digest(run)
            if row.universe == universe and (as_of is None or row.as_of <= as_of)
        )
        return max(found, default=(None, None))[1]

    def _whole(self) -> Iterator[tuple[str, RunRecord]]:
        for run in self.names():
            try:
                yield run, self._record(run)
            except (DataError, UnknownIdError):
                continue

    def _record(self, run: str) -> RunRecord:
        path = self._home / RUNS / run / RECORD
        if not path.is_file():
            raise _unknown(run)
        record = self._records.get(run, lambda: _read(path))
        latest = self._house.latest
        days = [row.as_of for row in self._digest(run)] or list(_stated(record.request.as_of))
        if latest is not None and any(day > latest for day in days):
            raise _unknown(run)
        gone = sorted(set(record.request.universes) - set(self._house.universes))
        if gone:
            raise DataError(f"run {run} is about {gone[0]}, which is no universe here")
        return record

    def _digest(self, run: str) -> tuple[Digest, ...]:
        return self._digests.get(run, lambda: kept_digests(self._home, run))


def _read(path: Path) -> RunRecord:
    try:
        return RunRecord.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        run = path.parent.name
        raise DataError(f"the record of run {run} is damaged or of another version") from error


def mandate_said(mandate: Mandate, words: Words) -> str:
    """Return a mandate's name, and its version where it is the user's own."""
    if mandate.packaged:
        return words.label("mandate", mandate.id)
    version = words.text("version", n=words.number(float(mandate.version), "count"))
    return f"{quoted(mandate.id)}, {version}"


def _in(request: Request, language: Language) -> Request:
    return request.model_copy(update={"language": language})


def _stated(day: date | None) -> tuple[date, ...]:
    return () if day is None else (day,)


def _unknown(run: str) -> UnknownIdError:
    return UnknownIdError(f"there is no report {run!r}")
