"""What every canonical reader shares: a file, its mapping, and one mapped column as one kind."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.records.universe import Universe
from tools.sources.cells import dates, names, numbers, unreadable
from tools.sources.files import RawFile
from tools.sources.mapping import Mapping, day_first


@dataclass(frozen=True, slots=True)
class Reading:
    """One file under one mapping, for one universe."""

    file: RawFile
    mapping: Mapping
    universe: Universe

    @property
    def frame(self) -> pd.DataFrame:
        """The file's own table."""
        return self.file.frame

    @property
    def day_first(self) -> bool:
        """Whether 03/04 means the third of April where the cells allow both."""
        return day_first(self.universe)

    def rows(self) -> "pd.Series[int]":
        """Return row numbers, 1 for the first below the headings."""
        return pd.Series(np.arange(1, len(self.frame) + 1), index=self.frame.index)

    def text(self, field: str) -> pd.Series:
        """Return stripped text; NaN where the field is not mapped or the cell is empty."""
        column, constant = self.mapping.column(field), self.mapping.constant(field)
        if column is not None:
            return names(self.frame[column])
        return pd.Series(
            constant if constant is not None else np.nan, self.frame.index, dtype="str"
        )

    def number(self, field: str) -> "pd.Series[float]":
        """Return float64, money in billions; NaN where absent."""
        column, constant = self.mapping.column(field), self.mapping.constant(field)
        if column is not None:
            return numbers(self.frame[column]) * self.mapping.scale(field)
        value = float(constant) if constant is not None else np.nan
        return pd.Series(value, self.frame.index, dtype="float64")

    def unreadable(self, *fields: str) -> "pd.Series[bool]":
        """Tell which rows hold, in any of the fields, a text that is no number."""
        found = pd.Series(False, index=self.frame.index)
        for column in filter(None, map(self.mapping.column, fields)):
            found |= unreadable(self.frame[column])
        return found

    def stamp(self, field: str) -> pd.Series:
        """Return naive local datetime64[us]; NaT where absent."""
        column = self.mapping.column(field)
        if column is None:
            return pd.Series(pd.NaT, self.frame.index, dtype="datetime64[us]")
        return dates(
            self.frame[column],
            timezone=self.universe.timezone,
            day_first=self.day_first,
            told=self.mapping.told_order(field),
        )

    def symbols(self) -> pd.Series:
        """Return symbols in capitals; share classes are written BRK-B, whoever wrote them how."""
        found = self.text("symbol")
        codes, texts = pd.factorize(found)
        clean = pd.Series(texts, dtype="str").str.upper()
        if self.universe.currency == "USD":
            clean = clean.str.replace(r"^([A-Z]{1,5})[./ ]([A-Z])$", r"\1-\2", regex=True)
        lookup = np.append(clean.to_numpy(dtype=object), np.nan)
        return pd.Series(lookup[codes], index=found.index, dtype="str")
