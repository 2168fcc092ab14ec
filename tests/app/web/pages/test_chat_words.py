import re
from importlib.resources import files
from typing import get_args

import pytest

from agents.graph import TOOL_NODES
from agents.router import scored_steps
from app.files.universes import load_universes
from app.render.words import Words
from app.web.pages.chat_words import closed_words
from app.web.pages.page import words
from core.records.plan import ToolName
from core.records.report import Section
from core.records.request import Intent, Language, Topic

DEMO = load_universes()["demo"]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_closed_value_of_a_turn_has_words(language: Language) -> None:
    said = closed_words(Words(language, DEMO)) | dict(words("site", language))
    graph = files("agents").joinpath("graph.py").read_text("utf-8")
    nodes = {*TOOL_NODES, *re.findall(r'add_node\("(\w+)"', graph)}
    wanted = {
        *(f"node_{name}" for name in nodes),
        *(f"topic_{name}" for name in get_args(Topic)),
        *(f"intent.{name}" for name in get_args(Intent)),
        *(f"tool.{name}" for name in get_args(ToolName)),
        *(f"section.{name}" for name in get_args(Section)),
    }
    assert len(nodes) > len(TOOL_NODES)
    assert wanted <= said.keys()
    assert [key for key in wanted if said[key] == key.partition(".")[2] and "_" in key] == []


def test_closed_values_are_said_in_the_language_of_the_page() -> None:
    english, vietnamese = (closed_words(Words(name, DEMO)) for name in get_args(Language))
    assert english["tool.get_foreign_flow"] == "Foreign flow"
    assert vietnamese["tool.get_foreign_flow"] == "Khối ngoại"
    assert english.keys() == vietnamese.keys()


@pytest.mark.parametrize("language", get_args(Language))
def test_what_the_rules_plan_has_its_reason_in_both_languages(language: Language) -> None:
    said = words("site", language)
    fixed = scored_steps("demo", horizon="1M", as_of=None)
    assert {f"reason_{step.tool}" for step in fixed} <= said.keys()
    router = files("agents").joinpath("router.py").read_text("utf-8")
    assert {f"reason_{tool}" for tool in re.findall(r'tool="(\w+)"', router)} <= said.keys()
