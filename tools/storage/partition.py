"""Decides what is remembered of one stored file beside its rows; the sidecar makes it count.

A Parquet file without its sidecar is not part of the store: writing the sidecar is the last step.
"""

import hashlib
from datetime import date
from typing import Literal

import pandas as pd
from pydantic import Field

from core.records.record import Record
from core.records.result import Dataset, Source
from tools.storage.findings import REJECTED, Finding, FindingCount


class Partition(Record):
    """The sidecar of one partition."""

    dataset: Dataset
    sequence: int = Field(ge=1, description="order of import; later ones win")
    rows_sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the Parquet file")
    origin: str = Field(description="imported file's name without its folder")
    input_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    recipe_sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the mapping used")
    basis: Literal["raw", "adjusted"] = "raw"
    synced: bool = Field(default=False, description="one of several from one source over a network")
    rows_count: int = Field(ge=1)
    symbols_count: int = Field(ge=1)
    first: date
    last: date
    assumed_known_at: bool = False
    finding_counts: tuple[FindingCount, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def stem(self) -> str:
        """The file name both parts share."""
        return f"{self.sequence:06d}-{self.rows_sha256[:12]}"

    @property
    def flagged_count(self) -> int:
        """Stored rows with a mark."""
        return sum(n.rows_count for n in self.finding_counts if n.kind not in REJECTED)

    def known(self, days: pd.DataFrame | None, as_of: date) -> "Partition | None":
        """Return the sidecar of the rows known at a date, None without any.

        Args:
            days: of the file, as `row_files.known_days` tells them; None where it cannot be read,
                and then all of a file that begins by the date counts.
            as_of: the date.
        """
        if days is None:
            last = min(self.last, as_of)
            return self.model_copy(update={"last": last}) if self.first <= as_of else None
        seen = days[days["day"] < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
        if not seen["rows_count"].any():
            return None
        return self.model_copy(
            update={
                "rows_count": int(seen["rows_count"].sum()),
                "first": seen["first"].min().date(),
                "last": seen["last"].max().date(),
            }
        )

    def source(self) -> Source:
        """Return what an answer says of its data."""
        return Source(
            dataset=self.dataset,
            origin=self.origin,
            sha256=self.input_sha256,
            first=self.first,
            last=self.last,
            rows_count=self.rows_count,
            assumed_known_at=self.assumed_known_at,
        )


def together(parts: tuple[Partition, ...]) -> Source:
    """Return what an answer says of all partitions of one source over a network.

    The sha256 is of theirs, in import order.
    """
    first = parts[0].source()
    if len(parts) == 1:
        return first
    hashes = "".join(part.input_sha256 for part in parts)
    return first.model_copy(
        update={
            "sha256": hashlib.sha256(hashes.encode()).hexdigest(),
            "first": min(part.first for part in parts),
            "last": max(part.last for part in parts),
            "rows_count": sum(part.rows_count for part in parts),
            "assumed_known_at": any(part.assumed_known_at for part in parts),
        }
    )


class Lot(Record):
    """What an importer knows of the rows it hands to the store."""

    dataset: Dataset
    origin: str
    input_sha256: str
    recipe_sha256: str
    basis: Literal["raw", "adjusted"] = "raw"
    synced: bool = False
    assumed_known_at: bool = False
    finding_counts: tuple[FindingCount, ...] = ()
    findings: tuple[Finding, ...] = ()
