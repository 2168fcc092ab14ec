"""Decides what a run's model has cost so far and may still cost at most, in tokens and money."""

from dataclasses import dataclass
from typing import Final

from agents.llm.protocol import ModelAnswer
from agents.llm.tokens import pieces_count
from agents.services import ModelPrice, Services
from agents.shown import FACTS_TOKENS
from agents.toolbox.ledger import Ledger
from core.records.request import Request
from prompts.library import prompt

FRAME_TOKENS: Final = 2_000
"""What the reporter reads beside its prompt's text and the values: measures, entities, a schema."""
ANSWERS: Final = 2
"""Times the reporter is asked at most: once, and again where its answer does not fit."""
MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model reads and writes."""

    read: int = 0
    written: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.read + self.written


def spent(services: Services, run: str) -> Tokens:
    """Return the tokens of the run's answers so far, as their server counted them."""
    return counted(services.toolbox.ledger, run)


def counted(ledger: Ledger, run: str) -> Tokens:
    """Return the tokens of a run's answers in a ledger; 0 where the server did not count."""
    answers = [
        ModelAnswer.model_validate(call.answer)
        for call in ledger.calls(run)
        if call.kind == "model" and call.answer is not None
    ]
    return Tokens(
        sum(answer.input_tokens or 0 for answer in answers),
        sum(answer.output_tokens or 0 for answer in answers),
    )


def most(request: Request, services: Services) -> Tokens:
    """Return the tokens the reporter may take; what it reads is estimated from its caps."""
    if services.model is None:
        return Tokens()
    text = prompt("reporter")
    words = pieces_count(text.system) + pieces_count(text.user) + pieces_count(request.text)
    read = words + FRAME_TOKENS + FACTS_TOKENS * len(request.universes)
    return Tokens(ANSWERS * read, ANSWERS * services.limits.reporter_tokens)


def money(tokens: Tokens, services: Services) -> float | None:
    """Return US dollars; None without a price, nothing where no model is asked."""
    if services.model is None:
        return 0.0
    if services.price is None:
        return None
    return round(usd(tokens.read, tokens.written, services.price), 6)


def usd(read: int, written: int, price: ModelPrice) -> float:
    """Return US dollars."""
    return (read * price.read_usd + written * price.written_usd) / MILLION
