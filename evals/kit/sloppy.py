"""A careless model: its sentences look right, and each holds one mistake models are known for."""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Final

from evals.kit.asked import Asked
from evals.kit.model import KitModel
from evals.kit.planning import sensible_steps, step
from evals.kit.writing import Claim, careful_claims

Mistake = Callable[[Claim, Asked, Random], Claim]
SHARE: Final = 0.5
"""Of its claims that hold a mistake."""
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


class Sloppy(KitModel):
    """Rounds wrongly, swaps entities, flips signs and invents.

    Args:
        seed: which claims it spoils, and how.
        share: 0 to 1: of its claims that it spoils.
    """

    def __init__(self, *, seed: int = 0, share: float = SHARE, name: str = "sloppy") -> None:
        super().__init__(name, seed=seed)
        self._share = share

    def answered(self, asked: Asked) -> str:
        """Return a plan, sometimes outside the grammar, or a draft with mistakes."""
        chance = asked.chance(self.seed)
        if asked.agent == "planner":
            return json.dumps({"steps": _careless_steps(asked, chance)})
        claims = careful_claims(asked, noise=0.0, chance=chance)
        spoilt = [
            chance.choice(tuple(MISTAKES.values()))(claim, asked, chance)
            if chance.random() < self._share
            else claim
            for claim in claims
        ]
        return json.dumps({"claims": spoilt}, ensure_ascii=False)


def _careless_steps(asked: Asked, chance: Random) -> list[dict[str, object]]:
    universe, sectors = next(iter(asked.sectors.items()))
    wrong = [
        step("get_sector_overview", universe, "named_by_user", sector=sectors[0].title()),
        step("get_foreign_flow", universe, "confirms", period="1M"),
        step("get_news", universe, "explains"),
    ]
    extra = [step("get_technical_momentum", universe, "explains", period="6M")]
    return [*sensible_steps(asked)[:4], *(chance.sample(wrong, 1) if not asked.again else extra)]


def _facts(claim: Claim) -> list[str]:
    facts = claim["facts"]
    return [str(fact) for fact in facts] if isinstance(facts, list) else []


def _read(reference: str, asked: Asked) -> str:
    """Return the value a reference stands for, as the prompt shows it."""
    entity, _, number = reference.rpartition(".")
    return asked.rows.get(entity, {}).get(number, "")


def _typed(claim: Claim, value: str) -> Claim:
    return {**claim, "text": str(claim["text"]).replace("{value}", value, 1)}


def rounded(claim: Claim, asked: Asked, chance: Random) -> Claim:
    """Type the value in, rounded to the wrong side."""
    del chance
    value = _NUMBER.sub(lambda n: f"{float(n[0]) + 1:.0f}", _read(_facts(claim)[0], asked), count=1)
    return _typed(claim, f"about {value or 'three'}")


def sign_flipped(claim: Claim, asked: Asked, chance: Random) -> Claim:
    """Type the value in with the other sign; claim the other side of neutral."""
    del chance
    value = _read(_facts(claim)[0], asked)
    other = value.replace("+", "−") if "+" in value else value.replace("−", "+")
    return {**_typed(claim, other), "comparator": "below" if value.startswith("+") else "above"}


def entity_swapped(claim: Claim, asked: Asked, chance: Random) -> Claim:
    """Say another entity's name."""
    others = [entity for entity in asked.rows if not _facts(claim)[0].startswith(f"{entity}.")]
    other = chance.choice(others).rpartition(".")[2].replace("_", " ").title()
    return {**claim, "text": str(claim["text"]).replace("{entity}", other, 1)}


def value_swapped(claim: Claim, asked: Asked, chance: Random) -> Claim:
    """Rest the last value on another entity's fact, and say nothing of it."""
    facts = _facts(claim)
    number = facts[-1].rpartition(".")[2]
    here = facts[0].rpartition(".")[0]
    others = [entity for entity, row in asked.rows.items() if number in row and entity != here]
    last = f"{chance.choice(others)}.{number}" if others else facts[-1]
    return {**claim, "facts": [*facts[:-1], last]}


def fact_invented(claim: Claim, asked: Asked, chance: Random) -> Claim:
    """Refer to a fact that nobody showed."""
    del asked
    entity = _facts(claim)[0].rpartition(".")[0]
    return {**claim, "facts": [f"{entity}.{chance.randint(900, 999)}", *_facts(claim)[1:]]}


def number_invented(claim: Claim, asked: Asked, chance: Random) -> Claim:
    """Add a number of its own."""
    del asked
    return {**claim, "text": f"{claim['text']} Inflows reached {chance.randint(2, 99)} bn."}


def superlative_added(claim: Claim, asked: Asked, chance: Random) -> Claim:
    """Call it the highest of all, whether or not it is."""
    del asked, chance
    text = str(claim["text"]).replace("{value}", "{value}, the {comparator} of all,", 1)
    return {**claim, "comparator": "highest", "text": text}


def direction_added(claim: Claim, asked: Asked, chance: Random) -> Claim:
    """Add where it is going, in words."""
    del asked, chance
    return {**claim, "text": f"{claim['text']} It has doubled and keeps rising."}


MISTAKES: Final[dict[str, Mistake]] = {
    mistake.__name__: mistake
    for mistake in (
        rounded,
        sign_flipped,
        entity_swapped,
        value_swapped,
        fact_invented,
        number_invented,
        superlative_added,
        direction_added,
    )
}
