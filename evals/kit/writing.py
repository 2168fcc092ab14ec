"""Writes claims as a careful model would: each about one entity of the prompt, in slots alone."""

from collections.abc import Iterator
from itertools import zip_longest
from random import Random
from typing import Final

from evals.kit.asked import Asked

Claim = dict[str, object]
CLAIMS: Final = 20
FACTS: Final = 4
MEASURES: Final = {
    "for": ("contribution",), "against": ("contribution",),
    "rotation": ("quadrant", "RS-Ratio", "RS-Momentum", "3-month return"),
    "forecast": ("expected excess", "expected low", "probability", "mean IC"),
    "macro": ("value", "state", "growth", "1-month return"),
    "flow": ("net", "intensity", "share", "sessions"),
    "whales": ("events", "balance", "stock-sessions", "net"),
    "fundamentals": ("revenue growth", "net profit", "P/E"),
    "stocks": ("1-month return", "1-month excess"),
}  # fmt: skip
"""Words in the measures a section's claims are about."""
SIGNS: Final = {"for": "+", "against": "−"}
OPENINGS: Final = {
    "English": (
        "For {entity}, the {measure} stands at {value} as of {date}{more}.",
        "{entity} shows a {measure} of {value} as of {date}{more}.",
        "As of {date}, the {measure} of {entity} is {value}{more}.",
    ),
    "Vietnamese": (
        "Với {entity}, {measure} đang ở mức {value} tính đến {date}{more}.",
        "Tại {entity}, {measure} là {value} tính đến {date}{more}.",
        "Tính đến {date}, {measure} của {entity} ở mức {value}{more}.",
    ),
}
MORE: Final = {
    "English": ", while the {measure_%d} beside it is {value_%d}",
    "Vietnamese": ", trong khi {measure_%d} đi kèm là {value_%d}",
}


def careful_claims(asked: Asked, *, noise: float, chance: Random) -> list[Claim]:
    """Return claims, an entity of each section in turn.

    Args:
        asked: a reporter's question.
        noise: 0 to 1: how often another wording, fewer facts or another order is chosen.
        chance: what chooses.
    """
    claims = list(_claims(asked, noise, chance))
    if chance.random() < noise:
        chance.shuffle(claims)
    return claims[:CLAIMS]


def _claims(asked: Asked, noise: float, chance: Random) -> Iterator[Claim]:
    listed = [(section, _in_turn(entities)) for section, entities in asked.sections]
    for place in range(3):
        for section, entities in listed:
            used = references(asked, section, entities[place]) if place < len(entities) else []
            if used and chance.random() < noise:
                used = used[: chance.randint(1, len(used))]
            if used:
                openings = OPENINGS[asked.language]
                opening = chance.choice(openings) if chance.random() < noise else openings[0]
                more = "".join(MORE[asked.language] % (n, n) for n in range(2, len(used) + 1))
                yield claim(section, used, opening.replace("{more}", more))


def _in_turn(entities: tuple[str, ...]) -> list[str]:
    """Return the entities of several universes, one of each in turn."""
    of: dict[str, list[str]] = {}
    for entity in entities:
        of.setdefault(entity.rpartition(".")[0], []).append(entity)
    rounds = zip_longest(*of.values())
    return [entity for each in rounds for entity in each if entity is not None]


def references(asked: Asked, section: str, entity: str) -> list[str]:
    """Return what a section's claim about an entity may rest on, at most four."""
    words, sign = MEASURES.get(section, ()), SIGNS.get(section, "")
    return [
        f"{entity}.{number}"
        for number, value in asked.rows.get(entity, {}).items()
        if any(word in asked.measures.get(number, "") for word in words) and value.startswith(sign)
    ][:FACTS]


def claim(section: str, facts: list[str], text: str, comparator: str = "states") -> Claim:
    """Return a claim in the form the prompt asks for."""
    return {"section": section, "comparator": comparator, "facts": facts, "text": text}
