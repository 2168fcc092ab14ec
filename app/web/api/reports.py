"""REST of kept reports: list, page, comparison, files."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from app.sentences import sentence_of
from app.web.house import House
from app.web.reports.compared import Comparison, comparison, unlimited
from app.web.reports.files import report_file
from app.web.reports.kept import KeptReports, ReportRow
from app.web.reports.retold import retold
from app.web.reports.shown import ReportView, report_view
from core.errors import CallerError, DataError, UnknownIdError
from core.records.record import Record
from core.records.report import Report
from core.records.request import Language
from core.records.universe import Universe

ID: Final = r"^[a-z0-9_-]{1,64}$"
ROWS, MOST_ROWS = 50, 200
DOCUMENT: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; sandbox"
)
"""Of a report that is a page of its own: no script, no address, no form, no origin. Its own header
narrows the style to the one sheet it has."""

RunId = Annotated[str, Path(pattern=ID)]
Run = Annotated[str, Query(pattern=ID)]


class ReportList(Record):
    """Finished runs, the latest first; `damaged` holds a sentence of each that cannot be read."""

    rows: tuple[ReportRow, ...]
    damaged: tuple[str, ...]
    more: bool


def add_reports_api(router: APIRouter, house: House) -> None:
    """Register them."""
    kept = KeptReports(house)
    _add_reading(router, house, kept)
    _add_comparing(router, house, kept)
    _add_files(router, house, kept)


def _add_reading(router: APIRouter, house: House, kept: KeptReports) -> None:
    universes = house.universes

    @router.get("/api/reports", tags=["reports"])
    def reports(
        universe: Annotated[str | None, Query(pattern=ID)] = None,
        plain: bool = False,
        before: Annotated[str | None, Query(pattern=ID)] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = ROWS,
        lang: Language = "en",
    ) -> ReportList:
        """List kept reports, of one market or of all; `before` a run continues a list."""
        names = [name for name in kept.names() if before is None or name < before]
        return _listed(kept, names, universe=universe, plain=plain, limit=limit, language=lang)

    @router.get("/api/reports/{run}", tags=["reports"], response_model_exclude_defaults=True)
    def report(run: RunId, lang: Language | None = None) -> ReportView:
        """Return a report as its page shows it, in its own language or the one asked for."""
        found = kept.report(run)
        told = _told(found, lang, universes)
        return report_view(told, universes, kept.row(run, told.request.language))


def _add_comparing(router: APIRouter, house: House, kept: KeptReports) -> None:
    universes = house.universes

    @router.get("/api/comparison", tags=["reports"], response_model_exclude_defaults=True)
    def compared(b: Run, a: Run | None = None, lang: Language = "en") -> Comparison:
        """Return two reports side by side, `a` as the earlier one; without it `b` unlimited."""
        if a == b:
            raise CallerError("both are the same report: name two")
        second = _told(kept.report(b), lang, universes)
        if a is None:
            return comparison(unlimited(second), second, universes, (None, kept.row(b, lang)))
        first = _told(kept.report(a), lang, universes)
        return comparison(first, second, universes, (kept.row(a, lang), kept.row(b, lang)))


def _add_files(router: APIRouter, house: House, kept: KeptReports) -> None:
    universes = house.universes

    @router.get(
        "/api/reports/{run}/files/{form}", tags=["reports"], response_class=Response,
        responses={200: {"content": {"application/octet-stream": {}}}},
    )  # fmt: skip
    def file(
        run: RunId,
        form: Annotated[str, Path(pattern=r"^[a-z0-9.]{1,32}$")],
        lang: Language | None = None,
        inline: bool = False,
    ) -> Response:
        """Return a report as a file; `inline` shows it where a browser can."""
        told = _told(kept.report(run), lang, universes)
        sent = report_file(told, universes, form, run=run, home=house.settings.home_dir)
        kind = "inline" if inline else "attachment"
        named = f'{kind}; filename="{sent.name}"'
        return Response(
            sent.content, media_type=sent.media_type,
            headers={"content-disposition": named, "content-security-policy": DOCUMENT},
        )  # fmt: skip


def _told(report: Report, language: Language | None, universes: dict[str, Universe]) -> Report:
    return report if language is None else retold(report, language, universes)


def _listed(
    kept: KeptReports, names: list[str], *, universe: str | None, plain: bool, limit: int,
    language: Language,
) -> ReportList:  # fmt: skip
    rows: list[ReportRow] = []
    damaged: list[str] = []
    for name in names:
        if len(rows) == limit:
            break
        try:
            row = kept.row(name, language)
        except UnknownIdError:
            continue
        except DataError as error:
            damaged.append(sentence_of(error))
            continue
        if universe in {None, *row.universes} and (row.plain or not plain):
            rows.append(row)
    more = bool(rows) and len(rows) == limit and rows[-1].run != names[-1]
    return ReportList(rows=tuple(rows), damaged=tuple(damaged), more=more)
