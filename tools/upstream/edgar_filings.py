"""Decides which filings of Form 13F a manager made, and which of their parts are read."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from core.records.record import Record
from tools.upstream.errors import ChangedShapeError

FORMS: Final = ("13F-HR", "13F-HR/A")
FIRST_PERIOD: Final = date(2013, 6, 30)
"""Of the first tables in XML (SEC release 34-69265); older ones are typed text and not read."""
_DOCUMENT: Final = re.compile(rb"<DOCUMENT>\s*<TYPE>([^\r\n<]*)(.*?)</DOCUMENT>", re.DOTALL)
_XML: Final = re.compile(rb"<XML>\s*(.*?)\s*</XML>", re.DOTALL)
_NEW_HOLDINGS: Final = re.compile(rb"<(?:\w+:)?amendmentType>\s*NEW HOLDINGS\s*<", re.IGNORECASE)


class Filing(Record):
    """One filing: its number, the quarter it tells of, the day it was made."""

    accession: str
    form: str
    period: date
    filed: date


class OlderPage(BaseModel):
    """Where a manager's older filings are listed, and of which days."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str
    filingFrom: date  # noqa: N815 - EDGAR's spelling
    filingTo: date  # noqa: N815


class _Columns(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    accessionNumber: tuple[str, ...]  # noqa: N815
    filingDate: tuple[date, ...]  # noqa: N815
    reportDate: tuple[str, ...]  # noqa: N815
    form: tuple[str, ...]


class _Filings(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    recent: _Columns
    files: tuple[OlderPage, ...] = ()


class _Submissions(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    filings: _Filings


def first_page(document: JsonValue, manager: str) -> tuple[list[Filing], tuple[OlderPage, ...]]:
    """Return the newest 13F filings of a manager, and where the older ones are.

    Raises:
        ChangedShapeError: it is no list of submissions.
    """
    try:
        told = _Submissions.model_validate(document).filings
    except ValidationError as error:
        raise _changed(manager) from error
    return _filings(told.recent, manager), told.files


def older_page(document: JsonValue, manager: str) -> list[Filing]:
    """Return the 13F filings of one older page.

    Raises:
        ChangedShapeError: it is no page of submissions.
    """
    try:
        return _filings(_Columns.model_validate(document), manager)
    except ValidationError as error:
        raise _changed(manager) from error


def wanted(filings: Iterable[Filing], *, since: date, until: date) -> list[Filing]:
    """Return all filings about quarters a filing of the span is about, in order of their days.

    An amendment can only be read beside what it amends.
    """
    known = [item for item in filings if item.filed <= until and item.period >= FIRST_PERIOD]
    periods = {item.period for item in known if item.filed >= since}
    chosen = {item.accession: item for item in known if item.period in periods}
    return sorted(chosen.values(), key=lambda item: (item.filed, item.accession))


def information_table(content: bytes) -> bytes | None:
    """Return the XML of a filing's table of holdings; None where it has none."""
    for kind, body in _DOCUMENT.findall(content):
        xml = _XML.search(body)
        if kind.strip().upper() == b"INFORMATION TABLE" and xml is not None:
            table: bytes = xml[1]
            return table
    return None


def adds_holdings(content: bytes) -> bool:
    """Tell whether an amendment names further holdings, instead of all of them anew."""
    return _NEW_HOLDINGS.search(content) is not None


def _filings(told: _Columns, manager: str) -> list[Filing]:
    columns = (told.accessionNumber, told.form, told.reportDate, told.filingDate)
    if len({len(column) for column in columns}) != 1:
        raise _changed(manager)
    try:
        return [
            Filing(accession=number, form=form, period=date.fromisoformat(period), filed=filed)
            for number, form, period, filed in zip(*columns, strict=True)
            if form in FORMS
        ]
    except ValueError as error:
        raise _changed(manager) from error


def _changed(manager: str) -> ChangedShapeError:
    return ChangedShapeError("SEC EDGAR", f"its list of the filings of {manager} reads otherwise")
