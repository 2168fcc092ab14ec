"""The defences around what runs may spend (S10), each with what notices."""

from typing import Final

from evals.knockout import stand_ins
from evals.knockout.defence import Defence, fixed, later
from evals.knockout.of_research import AGENTS, TOOLBOX

OF_BUDGETS: Final = (
    Defence(
        "S10.accounts",
        "no account pays more than it holds",
        (("agents.toolbox.purse._lefts", stand_ins.unlimited),),
        (
            f"{AGENTS}/test_budgets.py::"
            "test_a_budget_of_calls_keeps_what_the_score_needs_and_says_what_it_left_out",
        ),
    ),
    Defence(
        "S10.calls",
        "the end of a run cuts off the calls under way",
        (("agents.tool_node.seconds_left", later(None)),),
        (
            f"{AGENTS}/test_tool_node.py::"
            "test_the_end_of_a_run_cuts_off_the_calls_under_way_and_says_so_in_a_replay_too",
        ),
    ),
    Defence(
        "S10.model",
        "the end of a run ends a model's question",
        (("agents.model_nodes.seconds_left", later(None)),),
        (
            f"{AGENTS}/test_budgets.py::"
            "test_a_hanging_model_ends_with_the_run_and_the_template_says_so",
        ),
    ),
    Defence(
        "S10.quota",
        "a server is asked no more often than its minute and its day allow",
        (("agents.toolbox.quota._refused", fixed(None)),),
        (f"{TOOLBOX}/test_quota.py::test_the_fourth_call_of_a_minute_is_told_how_long_to_wait",),
    ),
    Defence(
        "S10.line",
        "a message without an end is not held",
        (("agents.toolbox.wire._longer", stand_ins.far_longer),),
        (f"{TOOLBOX}/test_wire.py::test_a_line_without_an_end_holds_no_more_than_the_cap",),
    ),
)
