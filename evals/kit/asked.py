"""Reads what a model is asked from the prompt's own text, as a model would; answers nothing."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Literal

from agents.llm.tokens import pieces_count
from agents.toolbox.calls import content_sha256

Agent = Literal["planner", "reporter"]
Body = Mapping[str, object]
"""A chat completion's request, as an endpoint gets it."""
PLANNING = "You plan"
"""What a planner's prompt begins with."""


@dataclass(frozen=True)
class Asked:
    """One question to a model: the prompt's two texts."""

    system: str
    user: str

    @property
    def agent(self) -> Agent:
        """Who asks."""
        return "planner" if self.system.startswith(PLANNING) else "reporter"

    @property
    def again(self) -> bool:
        """Whether an answer was refused before."""
        return "previous answer was refused" in self.user

    @cached_property
    def question(self) -> str:
        """The user's words; empty where the prompt has none."""
        found = re.search(r"<question>\n(.*)\n</question>", self.user)
        words = json.loads(found[1]) if found else ""
        return words if isinstance(words, str) else ""

    @cached_property
    def sectors(self) -> dict[str, tuple[str, ...]]:
        """A planner's universes, and the sector ids of each."""
        listed = re.findall(r"^- ([\w-]+)(?: \([^)]*\))?: ([\w, -]+)$", self._offered, re.M)
        return {universe: tuple(ids.split(", ")) for universe, ids in listed}

    @cached_property
    def without_flow(self) -> frozenset[str]:
        """A planner's universes that publish no foreign flow."""
        return frozenset(re.findall(r"^- ([\w-]+) \(no foreign", self._offered, re.M))

    @cached_property
    def symbols(self) -> tuple[str, ...]:
        """The symbols a planner is told the user named."""
        found = re.search(r"^Symbols the user named: (.*)$", self.system, re.M)
        return () if found is None or found[1] == "none" else tuple(found[1].split(", "))

    @property
    def language(self) -> Literal["English", "Vietnamese"]:
        """The language a reporter is to write in."""
        return "Vietnamese" if "language: Vietnamese" in self.system else "English"

    @cached_property
    def sections(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """A reporter's sections, and the entities of each; behind a universe where several."""
        text = _between(self.system, "the entities of each", "Facts:")
        listed = re.findall(r"^- (\w+): ([\w, .-]+)$", text, re.M)
        return tuple((section, tuple(entities.split(", "))) for section, entities in listed)

    @cached_property
    def measures(self) -> dict[str, str]:
        """What a reporter's numbered columns measure."""
        listed = next((line for line in self._facts if line.startswith("Measures: ")), "")
        return dict(re.findall(r"(\d+) ([^;\n]+)", listed.removeprefix("Measures: ")))

    @cached_property
    def rows(self) -> dict[str, dict[str, str]]:
        """A reporter's values, by entity and number."""
        several = sum(line.startswith("Universe ") for line in self._facts) > 1
        found: dict[str, dict[str, str]] = {}
        prefix = ""
        for line in self._facts:
            if line.startswith("Universe ") and several:
                prefix = f"{line.removeprefix('Universe ').partition(',')[0]}."
            entity, colon, cells = line.partition(": ")
            if colon and entity != "Measures":
                found[f"{prefix}{entity}"] = dict(_cells(cells))
        return found

    def chance(self, seed: int) -> Random:
        """Return the same chance for the same question and seed."""
        return Random(f"{seed} {content_sha256(self.system + self.user)}")  # noqa: S311 - a toss, no secret

    @property
    def _offered(self) -> str:
        return _between(self.system, "the sector ids in each", "Symbols the user named")

    @cached_property
    def _facts(self) -> list[str]:
        return _between(self.system, "<facts>\n", "\n</facts>").split("\n")


def asked_over(body: Body) -> Asked:
    """Return what a chat completion's request asks."""
    system, user = texts_of(body)[:2]
    return Asked(system, user)


def texts_of(body: Body) -> list[str]:
    """Return the texts of a request's messages.

    Raises:
        TypeError: it has no list of messages.
    """
    messages = body["messages"]
    if not isinstance(messages, list):
        raise TypeError("a request without messages")
    return [str(message["content"]) for message in messages]


def read_tokens(body: Body) -> int:
    """Return the tokens of a request: its texts, and the form it asks for."""
    form = json.dumps(body.get("response_format"), separators=(",", ":"))
    return sum(map(pieces_count, (*texts_of(body), form)))


def _cells(cells: str) -> Iterator[tuple[str, str]]:
    for cell in cells.split("; "):
        number, _, value = cell.partition(" ")
        if number.isdecimal():
            yield number, value


def _between(text: str, start: str, stop: str) -> str:
    return text.partition(start)[2].partition(stop)[0]
