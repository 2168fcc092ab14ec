"""Decides who is told of this process's work: nobody, unless a setting says so."""

import threading
from typing import Final

from agents.tracing import hear
from app.observing.exporting import Export, exporting
from app.observing.logs import Form, log_lines, told
from app.secrecy import redactor
from app.settings import Settings


class _Started:
    """What this process set up, and for which settings."""

    settings: Settings | None = None
    export: Export | None = None
    lock: Final = threading.Lock()


def observe(settings: Settings, *, log: Form | None = None) -> None:
    """Let this process be watched as the settings say; once for the same settings.

    Args:
        settings: the lines, the collector.
        log: lines where the settings name no form: `text` of what serves or loops; None: as it is.

    Raises:
        CallerError: a collector is set and what speaks to it is not installed.
    """
    with _Started.lock:
        if _Started.settings is settings:
            return
        form = settings.log or log
        if form is not None:
            log_lines(form, settings.log_level, redactor(settings))
            hear(told)
        if _Started.export is None:
            _Started.export = exporting(settings)
        _Started.settings = settings


def flushed() -> None:
    """Send what waits for the collector: a worker may be ended without a word."""
    if _Started.export is not None:
        _Started.export.flush()
