"""Decides what a draft of limits means: whether it can hold, what differs, and the file to keep.

Nothing is written: who may change the operator's file changes it by hand.
"""

from datetime import date
from typing import Final, get_args

from pydantic import Field, ValidationError

from app.feasibility import Verdict, verdicts
from app.files.mandates import load_book, mandate_at
from app.sentences import sentence_of
from app.web.desk.mandate_text import mandate_text
from app.web.house import House
from core.errors import DateError, MandateError
from core.mandate import mandate_changes, parse_mandate
from core.records.mandate import (
    CostBps,
    FactorPreference,
    General,
    GroupLimit,
    Mandate,
    MandateBook,
    MandatePatch,
    RiskAversion,
    SectorCap,
    SectorFloor,
    TrackingErrorPct,
)
from core.records.record import Fraction, Record, Slug
from core.records.universe import Universe

ROWS_MOST: Final = 40
ROUND: Final = 1e-12
"""Two fractions closer than this are one limit."""
_DEFAULTS: Final = Mandate.model_fields


class Limits(Record):
    """Every limit of one version; a general one left out gives way to what others ask for."""

    benchmark: Slug | None = None
    sector_cap: Fraction | None = None
    active_cap: Fraction | None = None
    turnover: Fraction | None = None
    no_trade_band: Fraction = _DEFAULTS["no_trade_band"].default
    tracking_error_pct: TrackingErrorPct | None = None
    cash_floor: Fraction = _DEFAULTS["cash_floor"].default
    cash_cap: Fraction = _DEFAULTS["cash_cap"].default
    issuer_cap: Fraction | None = None
    groups: tuple[GroupLimit, ...] = Field(default=(), max_length=ROWS_MOST)
    caps: tuple[SectorCap, ...] = Field(default=(), max_length=ROWS_MOST)
    floors: tuple[SectorFloor, ...] = Field(default=(), max_length=ROWS_MOST)
    excluded: tuple[Slug, ...] = Field(default=(), max_length=ROWS_MOST)
    cost_bps: CostBps = _DEFAULTS["cost_bps"].default
    risk_aversion: RiskAversion = _DEFAULTS["risk_aversion"].default
    factor_weights: tuple[FactorPreference, ...] = Field(default=(), max_length=ROWS_MOST)


class VersionRow(Record):
    """One version: who, when, why, and its limits."""

    version: int
    valid_from: date | None
    author: str
    reason: str
    in_force: bool
    limits: Limits


class MandateView(Record):
    """The limits of a market at a date."""

    id: Slug
    of_file: bool = Field(description="a file states them; else they are the packaged ones")
    built_in: dict[str, Fraction] = Field(description="general limits where nobody states one")
    versions: tuple[VersionRow, ...]
    unstated: Limits = Field(default=Limits(), description="what a limit left out stands for")
    problem: str = Field(default="", description="why the file says nothing here")


class MandateDraft(Record):
    """Limits as edited, with who wants them from when and why."""

    limits: Limits
    valid_from: date | None = None
    author: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=200)
    as_of: date | None = None


class DraftChange(Record):
    """A limit that differs from the version in force, named as in the file."""

    limit: str
    before: str
    after: str


class MandateCheck(Record):
    """What a draft means."""

    possible: bool
    problem: str = Field(default="", description="why not, in a sentence")
    conflict: tuple[str, ...] = Field(default=(), description="limits that cannot hold together")
    relaxations: tuple[str, ...] = Field(default=(), description="each alone would resolve it")
    as_of: date | None = None
    held: date | None = Field(default=None, description="of the holdings it starts from")
    turnover: Fraction | None = Field(
        default=None, description="traded on the way to the benchmark within the limits"
    )
    changes: tuple[DraftChange, ...] = ()
    patch: MandatePatch | None = Field(
        default=None, description="what of it a what-if can try at once: limits that tighten"
    )
    untried: tuple[str, ...] = Field(default=(), description="limits that need the file")
    text: str = Field(default="", description="the file with the draft as its last version")
    file_name: str = ""


def mandate_view(house: House, universe: Universe, as_of: date | None) -> MandateView:
    """Return the versions of the limits in force for a market."""
    try:
        book = load_book(house.settings.mandate)
    except MandateError as error:
        problem = str(error).replace(str(house.settings.mandate), "file")
        return MandateView(
            id="default", of_file=True, built_in=_built_in(), versions=(), problem=problem
        )
    of_file = house.settings.mandate is not None and book.universe in {None, universe.id}
    if not of_file:
        book = load_book(None)
    now = book.at(as_of or _today(house))
    rows = tuple(_row(version, in_force=version == now) for version in book.versions)
    return MandateView(id=book.id, of_file=of_file, built_in=_built_in(), versions=rows)


def mandate_check(house: House, universe: Universe, draft: MandateDraft) -> MandateCheck:
    """Return whether the draft's limits can hold, what differs, and the file that states them.

    Raises:
        MandateError: the limits are no mandate, or the date is not after the last version's.
        DataError: the market has no data to check against.
    """
    day = min(filter(None, (draft.as_of, house.latest)), default=None)
    before = _in_force(house, universe, day)
    book = _book(house, universe, draft)
    version = book.versions[-1]
    alone = MandateBook(id=book.id, versions=(version.model_copy(update={"valid_from": None}),))
    found = verdicts(alone, universe, house.settings, house.universes, as_of=day)[0]
    patch, untried = _patch(before, version)
    changes = mandate_changes(before, version)
    return _told(found).model_copy(
        update={
            "changes": tuple(
                DraftChange(limit=row.limit, before=row.before, after=row.after) for row in changes
            ),
            "patch": patch,
            "untried": untried,
            "text": mandate_text(book),
            "file_name": f"{book.id}.toml",
        }
    )


def _told(found: Verdict) -> MandateCheck:
    error = found.error
    conflict = None if error is None else error.conflict
    return MandateCheck(
        possible=error is None,
        problem="" if error is None else sentence_of(error),
        conflict=conflict.limits if conflict else (),
        relaxations=conflict.relaxations if conflict else (),
        as_of=found.as_of,
        held=found.held,
        turnover=found.allocation.turnover if found.allocation else None,
    )


def _book(house: House, universe: Universe, draft: MandateDraft) -> MandateBook:
    """Return the file's versions with the draft after them, as reading its text would."""
    view = mandate_view(house, universe, None)
    stated = view.of_file and not view.problem
    earlier = load_book(house.settings.mandate) if stated else None
    number = earlier.versions[-1].version + 1 if earlier else 1
    name = earlier.id if earlier else universe.id
    version = _mandate(draft, name, number)
    try:
        book = MandateBook(
            id=name,
            universe=earlier.universe if earlier else universe.id,
            versions=(*(earlier.versions if earlier else ()), version),
        )
    except ValidationError as error:
        raise MandateError(str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from error
    return parse_mandate(mandate_text(book), name)


def _mandate(draft: MandateDraft, name: str, number: int) -> Mandate:
    given = draft.limits.model_dump()
    stated = {
        key: value
        for key, value in given.items()
        if key not in {"sector_cap", "active_cap", "turnover"} or value is not None
    }
    head = {"id": name, "version": number, "valid_from": draft.valid_from}
    return Mandate.model_validate(
        stated | head | {"author": draft.author.strip(), "reason": draft.reason.strip()}
    )


def _patch(before: Mandate, after: Mandate) -> tuple[MandatePatch | None, tuple[str, ...]]:
    """Return what of a draft a question may state, which only tightens, and the other limits."""
    patch = MandatePatch(
        caps=tuple(row for row in after.caps if _cap(before, row.sector) - row.cap > ROUND),
        floors=tuple(row for row in after.floors if row.floor - _floor(before, row.sector) > ROUND),
        excluded=tuple(name for name in after.excluded if name not in before.excluded),
        turnover=_turnover(before, after),
    )
    tried = before.patched(patch)
    plain = {"version": 0, "valid_from": None, "author": "", "reason": "", "id": "default"}
    rest = mandate_changes(tried.model_copy(update=plain), after.model_copy(update=plain))
    return None if patch == MandatePatch() else patch, tuple(row.limit for row in rest)


def _cap(mandate: Mandate, sector: str) -> float:
    own = next((row.cap for row in mandate.caps if row.sector == sector), None)
    if own is not None:
        return own
    return 1.0 if "sector_cap" in mandate.assumed else mandate.sector_cap


def _floor(mandate: Mandate, sector: str) -> float:
    return next((row.floor for row in mandate.floors if row.sector == sector), 0.0)


def _turnover(before: Mandate, after: Mandate) -> float | None:
    if "turnover" in after.assumed:
        return None
    tighter = "turnover" in before.assumed or before.turnover - after.turnover > ROUND
    return after.turnover if tighter else None


def _in_force(house: House, universe: Universe, day: date | None) -> Mandate:
    """Return the version in force; before the first, the packaged limits."""
    try:
        book = load_book(house.settings.mandate)
        return mandate_at(book, day or _today(house), universe=universe.id)
    except (DateError, MandateError):
        return Mandate()


def _built_in() -> dict[str, float]:
    """Return the general limits nobody stated; they bind until something asks for more."""
    return {name: Mandate.model_fields[name].default for name in get_args(General)}


def _row(version: Mandate, *, in_force: bool) -> VersionRow:
    given = version.model_dump(include=set(Limits.model_fields))
    for name in version.assumed:
        given[name] = None
    return VersionRow(
        version=version.version,
        valid_from=version.valid_from,
        author=version.author,
        reason=version.reason,
        in_force=in_force,
        limits=Limits.model_validate(given),
    )


def _today(house: House) -> date:
    return house.latest or house.tools.today()
