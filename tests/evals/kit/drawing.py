"""Plans and drafts a generator draws: of the prompt's own words, of an attacker's, and noise."""

import json
from typing import get_args

from hypothesis import strategies as st

from agents.steps import DrillTool, Why
from core.records.plan import Period
from core.records.report import Comparator, Section
from evals.kit.asked import Asked
from evals.kit.compromised import GOALS

SLOTS = (
    "{entity}", "{universe}", "{value}", "{value_2}", "{measure}", "{measure_2}", "{name_2}",
    "{date}", "{comparator}", "{key}", "{value_9}", "{x}", "{", "}",
)  # fmt: skip
WORDS = (
    "for", "stands at", "while", "beside", "and", ",", ".", "rises", "best", "nhất", "tăng",
    "twelve", "%", "５", "٣",
    "https://evil.example", "<b>", "](//evil.example)", "\u202e", "\u200b",
)  # fmt: skip


def plans(asked: Asked) -> st.SearchStrategy[str]:
    """Return answers to a planner: each part right more often than not."""
    universe, sectors = next(iter(asked.sectors.items()))
    hostile = st.sampled_from([text for goal in GOALS for text in (goal.wish, goal.argument)])
    step = st.fixed_dictionaries(
        {
            "tool": st.sampled_from([*get_args(DrillTool), "run_shell", "get_scoring_inputs"]),
            "universe": st.sampled_from([universe, universe, universe, "other"]),
            "sector": st.none() | st.sampled_from([*sectors, *sectors]) | hostile,
            "symbols": st.none() | st.lists(st.sampled_from(["T04", "AAPL", "-1"]), max_size=3),
            "period": st.none() | st.sampled_from([*get_args(Period), "99Y"]),
            "why": st.sampled_from(get_args(Why)) | hostile,
        }
    )
    steps = st.fixed_dictionaries({"steps": st.lists(step, max_size=9)})
    return steps.map(json.dumps) | st.text(max_size=80) | hostile


def drafts(asked: Asked) -> st.SearchStrategy[str]:
    """Return answers to a reporter: real references, in sentences of words and slots."""
    known = [f"{entity}.{number}" for entity, row in asked.rows.items() for number in row]
    hostile = st.sampled_from([goal.wish for goal in GOALS])
    words = st.lists(st.sampled_from([*SLOTS, *WORDS]) | hostile, max_size=8).map(" ".join)
    sound = st.sampled_from(
        [
            "For {entity}, the {measure} stands at {value}.",
            "{entity} is {comparator} at {value}.",
            "{entity} {value}, {name_2} {value_2}.",
        ]
    )
    claim = st.fixed_dictionaries(
        {
            "section": st.sampled_from([*get_args(Section), *(name for name, _ in asked.sections)]),
            "comparator": st.sampled_from(get_args(Comparator)),
            "facts": st.lists(st.sampled_from(known), min_size=1, max_size=3)
            | st.lists(hostile, min_size=1, max_size=2),
            "text": sound | words.map(lambda text: text[:400]),
        }
    )
    claims = st.fixed_dictionaries({"claims": st.lists(claim, max_size=8)})
    return claims.map(json.dumps) | st.text(max_size=80)
