"""Decides what a batch's jobs are made with, and what of it travels to a worker: no secret."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from app.batching.records import Job
from app.settings import Settings, load_settings
from core.errors import CallerError
from core.records.budget import Budget
from core.records.universe import Universe

_OWN: Final = ("database_url",)
"""What may hold a password though it is no secret by its type."""


@dataclass(frozen=True, slots=True)
class Site:
    """What every job of a batch is made with.

    `settings` hold no secret; `database` is the digest of the address all processes share.
    `begun_at`: the desk knows no run and no call from then on, so that the order in which a
    batch's reports are made changes none of them. `account` bears what the batch spends.
    """

    settings: Settings
    database: str
    universes: dict[str, Universe]
    out: Path
    formats: tuple[str, ...]
    begun_at: datetime
    account: str
    budget: Budget

    def own_settings(self) -> Settings:
        """Return the settings with this process's own secrets.

        Raises:
            CallerError: this process keeps what is shared in another database.
        """
        mine = load_settings()
        own = {name: getattr(mine, name) for name in (*_secrets(mine), *_OWN)}
        whole = self.settings.model_copy(update=own)
        if database_digest(whole) != self.database:
            raise CallerError(
                "this worker keeps what processes share in another database than who began the "
                "batch: set SECTORWISE_DATABASE_URL, and SECTORWISE_HOME's folder, to the same"
            )
        return whole


@dataclass(frozen=True, slots=True)
class Task:
    """A job, and the run it is: the same after a kill, so that nothing is asked or paid twice."""

    job: Job
    run: str


def travelling(settings: Settings) -> Settings:
    """Return the settings for other processes: paths absolute, secrets left behind."""
    paths: dict[str, object] = {"home": settings.home_dir.resolve()}
    for name in ("mandate", "mcp_config"):
        path = getattr(settings, name)
        if path is not None:
            paths[name] = path.expanduser().resolve()
    kept = {name: Settings.model_fields[name].default for name in (*_secrets(settings), *_OWN)}
    return settings.model_copy(update=kept | paths)


def database_digest(settings: Settings) -> str:
    """Return the sha256 of the shared database's address."""
    whole = settings.model_copy(update={"home": settings.home_dir.resolve()})
    return hashlib.sha256(whole.database.encode()).hexdigest()


def _secrets(settings: Settings) -> tuple[str, ...]:
    """Return the names of settings that are, or may be, secret."""
    named = Settings.model_fields
    return tuple(
        name
        for name in named
        if isinstance(getattr(settings, name), SecretStr)
        or SecretStr.__name__ in str(named[name].annotation)
    )
