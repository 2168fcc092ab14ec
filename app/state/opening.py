"""Decides whether a home's databases may be used by this process, before anything opens them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app.settings import CHECKPOINTS, Settings
from app.state.integrity import require_whole
from app.state.schema import migrated
from core.errors import DataError


def require_usable(settings: Settings, clock: Callable[[], datetime]) -> None:
    """Look at the databases' files, then at the version of what is in them.

    Raises:
        DataError: one is damaged, cannot be opened or written, or is of a later version.
    """
    require_whole(local_files(settings))
    try:
        migrated(settings.database, clock=clock)
    except DBAPIError as error:
        where = database_file(settings) or "the database of SECTORWISE_DATABASE_URL"
        raise DataError(
            f"the call ledger {where} cannot be used ({error.orig}): free it, or set "
            "SECTORWISE_DATABASE_URL"
        ) from error


def local_files(settings: Settings) -> tuple[Path, ...]:
    """Return the SQLite files of a home, whether or not they are there."""
    shared = database_file(settings)
    return (*(() if shared is None else (shared,)), settings.home_dir / CHECKPOINTS)


def database_file(settings: Settings) -> Path | None:
    """Return the file of what processes share; None where a server keeps it."""
    url = make_url(settings.database)
    is_file = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    return Path(str(url.database)) if is_file else None
