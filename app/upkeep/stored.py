"""Decides what is said of stored files: partitions of market data, fitted models, holdings."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.files.holdings import FOLDER as HOLDINGS
from app.files.holdings import StoredHoldings
from app.upkeep.finding import Finding
from core.errors import DataError
from tools.storage.models import ModelStore
from tools.storage.partition import Partition
from tools.storage.row_files import unlike_schema
from tools.storage.schema import SCHEMAS

STORE: Final = "store"
MODELS: Final = "models"
SCRATCH: Final = ".writing-"
"""How the name of what a writer has not finished begins."""


def partition_findings(home: Path) -> Iterator[Finding]:
    """Yield what is wrong with partitions: one a damaged one, its two files told of together."""
    for dataset in SCHEMAS:
        for folder in sorted((home / STORE).glob(f"*/{dataset}")):
            universe = folder.parent.name
            stems = {path.stem for path in folder.glob("*.json")}
            for sidecar in sorted(folder.glob("*.json")):
                what = _partition_problem(sidecar)
                if what is not None:
                    yield Finding(
                        severity="broken",
                        what=f"rows of {universe}, {dataset}: {what}",
                        where=str(sidecar.relative_to(home)),
                        do=f"--repair moves it aside; then {_again(sidecar, universe, dataset)}",
                        mend="aside",
                    )
            for rows in sorted(folder.glob("*.parquet")):
                if rows.stem not in stems:
                    yield Finding(
                        severity="note",
                        what=f"rows of {universe}, {dataset} that no import finished",
                        where=str(rows.relative_to(home)),
                        do="--repair moves it aside; they never counted",
                        mend="aside",
                    )


def model_findings(home: Path) -> Iterator[Finding]:
    """Yield what is wrong with fitted models."""
    models = ModelStore(home)
    for path in sorted((home / MODELS).glob("*.json")):
        try:
            models.load(path.stem)
        except DataError:
            yield Finding(
                severity="broken",
                what=f"the fitted forecast of {path.stem} is damaged or of another version",
                where=str(path.relative_to(home)),
                do=f"--repair moves it aside; then `sectorwise fit --universe {path.stem}`",
                mend="aside",
            )


def holdings_findings(home: Path) -> Iterator[Finding]:
    """Yield what is wrong with imported holdings; a file's name holds a part of its hash."""
    for path in sorted((home / HOLDINGS).glob("*/*.json")):
        try:
            stored = StoredHoldings.model_validate_json(path.read_bytes())
            whole = path.stem.endswith(stored.content_hash()[:8])
        except (OSError, ValidationError):
            whole = False
        if not whole:
            yield Finding(
                severity="broken",
                what=f"holdings of {path.parent.name} are not what was imported",
                where=str(path.relative_to(home)),
                do="--repair moves them aside; then import their file again",
                mend="aside",
            )


def _partition_problem(sidecar: Path) -> str | None:
    try:
        part = Partition.model_validate_json(sidecar.read_bytes())
    except (OSError, ValidationError):
        return "what is noted of them is damaged"
    rows = sidecar.with_suffix(".parquet")
    if part.stem != sidecar.stem:
        return "what is noted of them is of others"
    if not rows.is_file():
        return "they are missing"
    with rows.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != part.rows_sha256:
            return "they are damaged"
    return unlike_schema(rows, SCHEMAS[part.dataset])


def _again(sidecar: Path, universe: str, dataset: str) -> str:
    try:
        part = Partition.model_validate_json(sidecar.read_bytes())
    except (OSError, ValidationError):
        return "import its file again"
    if part.synced:
        return f"`sectorwise sync {universe}`"
    return f"`sectorwise import --universe {universe} --{dataset} {part.origin}`"
