"""Counts the tokens our own language model read and wrote for a run."""

import asyncio
from datetime import UTC, datetime

from agents.llm.protocol import ModelAnswer
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
        answered = [c for c in ledger.calls(run) if c.kind == "model" and c.answer is not None]
    finally:
        ledger.close()
    answers = [ModelAnswer.model_validate(call.answer) for call in answered]
    read = sum(answer.input_tokens or 0 for answer in answers)
    written = sum(answer.output_tokens or 0 for answer in answers)
    return Usage(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)
