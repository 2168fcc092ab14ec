"""Decides how one defect of imported data is named and said; finding it is the contract's work."""

from datetime import date
from typing import Literal

from core.records.record import Record
from core.records.result import Dataset

FindingKind = Literal[
    "no_date", "no_symbol", "no_value", "duplicated", "non_finite", "negative", "weekend", "spike",
    "wrong_unit", "unlisted_sector", "unlisted_series", "unsorted", "zero_volume", "stale", "gap",
    "unadjusted_split", "beyond_limit", "ohlc_order", "zero_ownership", "mixed_basis",
    "shorter_vintage", "rescaled", "default_lag", "cell_cleared",
    "implausible", "superseded", "future", "ambiguous_date", "outside_universe",
    "not_a_session", "reclassified", "unlisted_subject",
]  # fmt: skip
Severity = Literal["rejected", "flagged"]

REJECTED: frozenset[FindingKind] = frozenset(
    {
        "no_date", "no_symbol", "no_value", "duplicated", "non_finite", "negative", "weekend",
        "spike", "wrong_unit", "unlisted_sector", "unlisted_series", "mixed_basis",
        "implausible", "future", "not_a_session", "unlisted_subject",
    }
)  # fmt: skip

WORDS: dict[FindingKind, str] = {
    "no_date": "the date is missing or cannot be read",
    "no_symbol": "the row names no symbol",
    "no_value": "the row holds no usable value",
    "duplicated": "a later row of the file has the same key and stands",
    "non_finite": "a value is infinite",
    "negative": "a price is not above zero, or an amount below it",
    "weekend": "the date is a Saturday or Sunday",
    "spike": "the price leaves its level for one session and returns",
    "wrong_unit": "the level differs 100 or 1,000 times from the series' own",
    "unlisted_sector": "the universe has no such sector",
    "unlisted_subject": "the universe has no such sector, and the store no such stock",
    "unlisted_series": "no category is declared for the series; give the file a category column",
    "unsorted": "rows are not in date order; they were sorted",
    "zero_volume": "no share changed hands",
    "stale": "the price does not move for many sessions",
    "gap": "sessions are missing before this row",
    "unadjusted_split": "the price jumps by a split's ratio and stays",
    "beyond_limit": "the move exceeds what the exchange allows",
    "ohlc_order": "open or close lies outside low and high",
    "zero_ownership": "foreign ownership drops to zero for a while; taken as missing",
    "mixed_basis": "the stored history is adjusted and this file is not; import a whole history",
    "shorter_vintage": "this adjusted history replaces a stored one that reaches further back",
    "rescaled": "values were in another unit than the file says and were multiplied",
    "implausible": "the value a share fits the stored close in no unit",
    "cell_cleared": "a single value is impossible or no number; taken as missing",
    "superseded": "a stored row of the same key became known later and stands",
    "future": "the date lies in the future",
    "ambiguous_date": "dates read day-first and month-first; tell with --unit period=day-first",
    "outside_universe": "none of these symbols is a sector, benchmark or member of the universe",
    "not_a_session": "the exchange's calendar has no session that day",
    "reclassified": "the sector of an earlier time, from a dated reclassification",
    "default_lag": "no publication lag is declared for the series; a cautious one is assumed",
}


class Finding(Record):
    """One defect: where it is, and the number that shows it where there is one."""

    kind: FindingKind
    dataset: Dataset
    file: str
    row: int | None = None
    line: int | None = None
    symbol: str | None = None
    period: date | None = None
    value: float | None = None
    told: str | None = None

    @property
    def severity(self) -> Severity:
        """Whether the row was left out or stored with a mark."""
        return "rejected" if self.kind in REJECTED else "flagged"

    def sentence(self) -> str:
        """Return the finding in words, file and line (or row below the headings) first."""
        row = "" if self.row is None else f" row {self.row}"
        place = row if self.line is None else f" line {self.line}"
        about = " ".join(str(part) for part in (self.symbol, self.period) if part is not None)
        shown = "" if self.value is None else f" ({self.value:g})"
        told = "" if self.told is None else f": {self.told!r}"
        about = f"{about}: " if about else ""
        return f"{self.file}{place}: {about}{WORDS[self.kind]}{shown}{told}"


class NameCount(Record):
    """How many of a defect's rows are of one name."""

    name: str
    rows_count: int


class FindingCount(Record):
    """How many rows of one partition a defect touches, and of which names where that is told."""

    kind: FindingKind
    rows_count: int
    names: tuple[NameCount, ...] = ()

    def sentence(self, findings: tuple[Finding, ...]) -> str:
        """Return the defect in words, its names with their rows, and the first row it touches."""
        first = next((item for item in findings if item.kind == self.kind), None)
        listed = ", ".join(f"{item.name} {item.rows_count}" for item in self.names)
        example = "" if first is None else f"; first: {first.sentence()}"
        return f"{WORDS[self.kind]}{' (' + listed + ')' if listed else ''}{example}"
