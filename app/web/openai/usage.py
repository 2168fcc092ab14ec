"""Counts the tokens our own language model read and wrote for a run."""

import asyncio
from datetime import UTC, datetime

from agents.spending import counted
from app.compose import open_ledger
from app.settings import Settings
from app.web.openai.wire import Usage


async def usage_of(settings: Settings, run: str) -> Usage:
    """Return the run's tokens; 0 without a model, or where it did not count them."""
    if settings.model_name is None:
        return Usage()
    return await asyncio.to_thread(_counted, settings, run)


def _counted(settings: Settings, run: str) -> Usage:
    ledger = open_ledger(settings, lambda: datetime.now(UTC))
    try:
        tokens = counted(ledger, run)
    finally:
        ledger.close()
    return Usage(
        prompt_tokens=tokens.read, completion_tokens=tokens.written, total_tokens=tokens.total
    )
