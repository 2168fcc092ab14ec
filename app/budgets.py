"""From settings to what runs may spend: each, and all of a day; and how many may ask the model."""

from dataclasses import replace
from typing import Final

from agents.services import Services
from agents.spending import ANSWERS
from agents.toolbox.purse import Purse
from app.model_slots import ModelSlots
from app.settings import Settings
from core.records.budget import Budget

SLOT_SECONDS: Final = 30.0
"""What a question may wait for its turn, beside its own time."""
SLOTS: Final = "slots"
"""The folder of the slots in the home."""


def within_budget(services: Services, settings: Settings, purse: Purse) -> Services:
    """Return services whose runs are bounded and booked."""
    return replace(
        services,
        budget=run_budget(settings),
        day_budget=day_budget(settings),
        purse=purse,
        slots=ModelSlots(settings.home_dir / SLOTS, settings.model_calls_at_once),
    )


def run_budget(settings: Settings) -> Budget:
    """Return what one run may spend."""
    return Budget(
        calls_count=settings.run_calls,
        tokens_count=settings.run_tokens,
        usd=settings.run_usd,
        seconds=settings.run_seconds,
        bytes_count=settings.run_bytes,
    )


def day_budget(settings: Settings) -> Budget:
    """Return what all runs of a day may spend."""
    return Budget(
        calls_count=settings.day_calls, tokens_count=settings.day_tokens, usd=settings.day_usd
    )


def model_seconds(settings: Settings) -> float:
    """Return how long a run's plan, or its draft, may take the model, with a second answer."""
    return ANSWERS * (settings.model_seconds + SLOT_SECONDS)
