"""What a file's mapping is once it is decided: which column is which field, and in which unit."""

from typing import Literal

from core.records.record import Record
from core.records.result import Dataset
from tools.sources.cells import DateOrder
from tools.sources.fields import BILLIONS_OF_UNIT

How = Literal["heading", "told", "file name", "every other column", "default"]
Layout = Literal["long", "wide"]
Basis = Literal["raw", "adjusted"]


class MappedField(Record):
    """One line of the mapping as it is shown: where a field comes from, and in which unit."""

    field: str
    column: str = ""
    constant: str | None = None
    unit: str = ""
    """Of an amount; of a date, how it is read."""
    ambiguous: bool = False
    """Every date may be read with day and month exchanged."""
    order: DateOrder = ""
    """The order of day and month the user gave."""
    how: How = "heading"


class Mapping(Record):
    """How one file becomes one data set."""

    dataset: Dataset
    layout: Layout
    basis: Basis = "raw"
    rows: tuple[MappedField, ...]

    def column(self, field: str) -> str | None:
        """Return the column a field comes from, or None."""
        return next((row.column for row in self.rows if row.field == field and row.column), None)

    def constant(self, field: str) -> str | None:
        """Return the value a field has in every row, or None."""
        return next((row.constant for row in self.rows if row.field == field), None)

    def scale(self, field: str) -> float:
        """Return what turns a money column into billions."""
        unit = next((row.unit for row in self.rows if row.field == field), "")
        return BILLIONS_OF_UNIT.get(unit, 1.0)

    def told_order(self, field: str) -> DateOrder:
        """Return the order of day and month the user gave for a date, empty if none."""
        return next((row.order for row in self.rows if row.field == field), "")
