"""Backs a home up, and restores one, for the command line."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.cli.output import counted, say, say_json, telling
from app.settings import load_settings
from app.upkeep.archive import Manifest
from app.upkeep.backup import backed_up, restored

APART: Final = "the shared database is PostgreSQL and not in this file: "
DUMPED: Final = "keep it with `pg_dump --format=custom --file=sectorwise.dump`, right after this"
PUT_BACK: Final = (
    "put it back with `pg_restore --clean --if-exists --dbname=NAME sectorwise.dump`, of the dump "
    "made right after the backup, before the home is used"
)
MEGABYTE: Final = 1_000_000


def back_up(file: Path, *, as_json: bool) -> None:
    """Write the home of the settings to a file.

    Raises:
        CallerError: the file cannot be written.
        DataError: a database is damaged.
    """
    settings = load_settings()
    target = file.expanduser()
    with telling() as tell:
        tell(f"packing {settings.home_dir}")
        manifest = backed_up(settings, target, clock=lambda: datetime.now(UTC))
    _told("wrote", target, manifest, apart=DUMPED, as_json=as_json)


def bring_back(file: Path, home: Path, *, as_json: bool) -> None:
    """Restore a file into an empty home.

    Raises:
        CallerError: the home holds something.
        DataError: the backup is damaged.
    """
    source, target = file.expanduser(), home.expanduser()
    with telling() as tell:
        tell(f"restoring {target}")
        manifest = restored(source, target)
    _told("restored", target, manifest, apart=PUT_BACK, as_json=as_json)


def _told(verb: str, path: Path, manifest: Manifest, *, apart: str, as_json: bool) -> None:
    size = sum(row.size for row in manifest.files)
    if as_json:
        say_json(
            {
                "path": str(path),
                "files": len(manifest.files),
                "bytes": size,
                "database": manifest.database,
                "made_at": manifest.made_at,
                "left_out": manifest.left_out,
            }
        )
        return
    say(f"{verb} {path}: {counted(len(manifest.files), 'file')}, {size / MEGABYTE:,.1f} MB")
    for name in manifest.left_out:
        say(f"left out {name}: a link, keep what it leads to as well")
    if manifest.database == "postgresql":
        say(APART + apart)
