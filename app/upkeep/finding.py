"""What is told of a home's health, and what was done about it."""

from typing import Literal

from core.records.record import Record

Severity = Literal["broken", "warning", "note"]
"""`broken`: something of the user's cannot be used. `warning`: it will be, or is less safe."""
Mend = Literal["rights", "aside", "restart", "salvage", "record", "derived"]
"""How a repair answers: set rights, move aside, begin anew, keep readable rows, write again."""


class Finding(Record):
    """One thing that is not as it should be: what, where in the home, and what to do."""

    severity: Severity
    what: str
    where: str
    do: str
    mend: Mend | None = None


class Mended(Record):
    """One thing a repair did, or why it could not; nothing it moved is gone."""

    where: str
    what: str


class Health(Record):
    """What a look at a home found, and what of it was mended."""

    checked: dict[str, int]
    findings: tuple[Finding, ...]
    mended: tuple[Mended, ...] = ()
    unmended: tuple[Mended, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether anything of the user's cannot be used."""
        return any(row.severity == "broken" for row in self.findings)
