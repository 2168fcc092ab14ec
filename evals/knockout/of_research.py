"""The defences around models, tools and the decision (S1 to S7), each with what notices."""

from typing import Final, get_args

from agents.toolbox.wire import NOTHING
from core.records.report import Section
from evals.knockout import stand_ins
from evals.knockout.defence import Defence, fixed, unchanged

AGENTS: Final = "tests/agents"
TOOLBOX: Final = "tests/agents/toolbox"
INJECTION: Final = "tests/evals/injection"

PLAN: Final = (
    Defence(
        "S1.grammar",
        "a planner names only universes, sectors and symbols of the request",
        (("agents.planner._within", fixed(fixed(None))),),
        (f"{AGENTS}/test_planner.py::test_a_step_outside_the_grammar_is_refused",),
    ),
    Defence(
        "S1.strict",
        "a model's answer repeats no key",
        (("agents.llm.structured._no_repeats", dict),),
        (
            f"{AGENTS}/llm/test_structured.py::"
            "test_what_is_not_the_record_is_refused_without_being_quoted",
        ),
    ),
    Defence(
        "S1.cap",
        "a plan adds no more than eight calls",
        (("agents.planner.STEPS_CAP", stand_ins.VAST),),
        (f"{AGENTS}/test_planner.py::test_rules_never_add_more_than_the_cap",),
    ),
    Defence(
        "S1.default",
        "where a model's plan does not stand, rules plan",
        (("agents.model_nodes.MODEL_FAILURES", ()),),
        (
            f"{AGENTS}/test_models_change_nothing.py::"
            "test_rules_and_templates_take_over_and_the_report_says_so",
        ),
    ),
    Defence(
        "S2.quoting",
        "the user's words close no tag of a prompt",
        (("agents.planner.quoted", str),),
        (f"{AGENTS}/test_planner.py::test_the_users_words_cannot_close_their_tag",),
    ),
    Defence(
        "S2.words",
        "a server's errors and introduction lose their words before anybody reads them",
        (("agents.toolbox.wire.Wire._answer", stand_ins.answer_as_sent),),
        (
            f"{TOOLBOX}/test_wire.py::test_an_error_loses_its_words_and_its_code",
            f"{TOOLBOX}/test_wire.py::"
            "test_a_server_that_introduces_itself_says_its_version_and_nothing_else",
        ),
    ),
    Defence(
        "S3.pins",
        "a tool that is no longer what was pinned is off",
        (("agents.toolbox.pins.Pins.changed", fixed(frozenset())),),
        ("tests/app/test_any_server.py::test_a_tool_that_changed_is_off_until_it_is_accepted",),
    ),
    Defence(
        "S3.hash",
        "a tool is known by the hash of its name and schemas",
        (("agents.toolbox.listing.announcement_hash", fixed("0" * 64)),),
        (f"{TOOLBOX}/test_sessions.py::test_a_pinned_tool_that_changed_is_refused",),
    ),
    Defence(
        "S3.requests",
        "no server's sampling, elicitation or roots are answered",
        (("agents.toolbox.wire.Wire._request", stand_ins.request_passed_on),),
        (
            f"{TOOLBOX}/test_wire.py::"
            "test_requests_are_refused_but_a_ping_and_notifications_are_not_passed_on",
        ),
    ),
)

_GATE: Final = f"{TOOLBOX}/test_gate.py::"
GATE: Final = (
    Defence(
        "S4.size",
        "an answer has no more bytes than its cap",
        (("agents.toolbox.answering.canonical_text", stand_ins.of_any_size),),
        (f"{TOOLBOX}/test_toolbox.py::test_a_servers_answer_beyond_a_cap_is_a_gap",),
    ),
    Defence(
        "S4.shape",
        "an answer is no deeper and has no more elements than its caps",
        (("agents.toolbox.answering.canonical_text", stand_ins.of_any_shape),),
        (f"{TOOLBOX}/test_toolbox.py::test_a_servers_answer_beyond_a_cap_is_a_gap",),
    ),
    Defence(
        "S4.finite",
        "an answer holds no number that is not finite or too large for a double",
        (("agents.toolbox.gate._plain", fixed(value=True)),),
        (f"{_GATE}test_what_strict_json_cannot_hold_is_rejected",),
    ),
    Defence(
        "S4.keys",
        "JSON with a key twice is unreadable",
        (("core.strict_json._distinct", dict),),
        ("tests/core/test_strict_json.py::test_what_is_not_strict_json_is_unreadable",),
    ),
    Defence(
        "S4.constants",
        "JSON with NaN, Infinity or 1e999 is unreadable",
        (("core.strict_json._finite", float),),
        ("tests/core/test_strict_json.py::test_what_is_not_strict_json_is_unreadable",),
    ),
    Defence(
        "S4.fields",
        "an answer has no field that its record does not have",
        (("agents.toolbox.gate.RESULT_OF_TOOL", stand_ins.LENIENT),),
        (f"{_GATE}test_an_answer_to_another_question_is_rejected",),
    ),
    Defence(
        "S4.identity",
        "an answer is of the tool, universe, currency and horizon that were asked for",
        (("agents.toolbox.gate._check_identity", fixed(None)),),
        (
            f"{_GATE}test_an_answer_to_another_question_is_rejected",
            f"{_GATE}test_inputs_of_another_horizon_are_rejected",
        ),
    ),
    Defence(
        "S4.dates",
        "an answer knows nothing later than its own date, and that is not after the one asked for",
        (("agents.toolbox.gate._check_dates", fixed(None)),),
        (
            f"{_GATE}test_weights_fitted_on_the_future_are_rejected",
            f"{_GATE}test_a_release_after_as_of_is_rejected",
        ),
    ),
    Defence(
        "S4.bounds",
        "an answer holds no number that no market shows",
        (("agents.toolbox.gate.implausible", fixed(None)),),
        (f"{_GATE}test_what_no_market_shows_is_rejected",),
    ),
    Defence(
        "S4.names",
        "benchmarks and events of an answer are the universe's own",
        (("agents.toolbox.gate._check_names", fixed(None)),),
        (f"{_GATE}test_names_are_the_universes_own",),
    ),
    Defence(
        "S4.wire",
        "what nobody asked for ends the connection once it is much",
        (("agents.toolbox.wire.Wire._unasked", fixed(NOTHING)),),
        (
            f"{TOOLBOX}/test_wire.py::"
            "test_more_than_a_few_unasked_messages_end_the_connection_and_a_question_starts_anew",
        ),
    ),
    Defence(
        "S5.titles",
        "a headline is one plain line: no address, no markup, nothing unseen",
        (
            ("tools.events.news.plain_line", unchanged),
            ("core.records.events.plain_line", unchanged),
        ),
        (
            "tests/tools/events/test_news.py::"
            "test_what_was_stored_otherwise_is_made_plain_again_when_it_is_served",
        ),
    ),
    Defence(
        "S5.origins",
        "a stranger's words for its sources are not kept",
        (("agents.toolbox.gate._wordless", unchanged),),
        (f"{_GATE}test_a_strangers_words_for_its_sources_are_not_kept",),
    ),
    Defence(
        "S5.texts",
        "a stranger's answer with a text for a name is rejected",
        (("agents.toolbox.gate.strange_name", fixed(None)),),
        (f"{INJECTION}/test_names.py::test_no_text_outlives_the_gate",),
    ),
)

DECISION: Final = (
    Defence(
        "S6.cap",
        "no lie of a tool moves a target beyond twice the stated active cap",
        (("core.portfolio.limits._active_cap", stand_ins.no_active_cap),),
        (f"{INJECTION}/test_poisoning.py::test_a_tighter_active_cap_is_a_tighter_cap_on_a_liar",),
    ),
    Defence(
        "S6.shares",
        "a stranger moves the benchmark only to where the universe has it",
        (("agents.toolbox.gate.moved_benchmark", fixed(None)),),
        (
            "tests/evals/injection/test_poisoning.py::"
            "test_a_stranger_moves_no_target_by_the_benchmark_beyond_what_scores_can",
            "tests/agents/toolbox/test_shares.py::"
            "test_the_gate_refuses_a_strangers_and_believes_ours_and_whom_the_operator_believes",
        ),
    ),
    Defence(
        "S6.future",
        "a decision sees nothing that was not known at its date",
        (("core.panel.MarketPanels.until", unchanged),),
        (
            "tests/core/portfolio/test_inputs.py::"
            "test_benchmark_weights_are_the_universes_latest_known_then",
            "tests/core/portfolio/test_inputs.py::test_a_revision_replaces_the_table_of_its_date",
        ),
    ),
)

_VERIFIER: Final = f"{AGENTS}/test_verifier.py::"
WORDS: Final = (
    Defence(
        "S7.words",
        "outside slots a model says connecting words alone: no digit, no address, no claim",
        (("agents.verifier.forbidden_outside_slots", fixed([])),),
        (f"{_VERIFIER}test_what_a_sentence_may_not_say_outside_slots_falls",),
    ),
    Defence(
        "S7.binding",
        "every slot says of the value beside it what that value's own fact says",
        (("agents.verifier.well_bound", fixed(value=True)),),
        (f"{_VERIFIER}test_true_numbers_in_a_false_statement_fall",),
    ),
    Defence(
        "S7.names",
        "a value is told by a name that is no other value's",
        (("agents.material.namesakes", fixed(frozenset())),),
        (
            f"{AGENTS}/test_sayable.py::test_no_stay_is_told_as_if_it_were_the_only_one",
            f"{AGENTS}/test_sayable.py::test_two_stays_are_not_mixed",
        ),
    ),
    Defence(
        "S7.facts",
        "a fact still stands where it came from",
        (("agents.truth.Truth.stands", fixed(value=True)),),
        (f"{_VERIFIER}test_a_fact_changed_after_it_was_drawn_falls",),
    ),
    Defence(
        "S7.comparators",
        "a comparator is evaluated again",
        (("agents.truth.Truth.compares", fixed(value=True)),),
        (f"{_VERIFIER}test_a_comparator_is_evaluated_again",),
    ),
    Defence(
        "S7.sides",
        "reasons for and against have the sign of their side",
        (("agents.verifier._argues", fixed(value=True)),),
        (f"{_VERIFIER}test_reasons_must_have_the_sign_of_their_section",),
    ),
    Defence(
        "S7.sections",
        "recommendations, warnings and gaps are worded by code alone",
        (("agents.verifier.MODEL_SECTIONS", frozenset(get_args(Section))),),
        (f"{_VERIFIER}test_a_model_does_not_word_what_code_decides",),
    ),
    Defence(
        "S7.users",
        "the user's own numbers are not passed off as the data's",
        (("agents.verifier.UNSAID", frozenset()),),
        (f"{_VERIFIER}test_a_model_may_not_pass_the_users_number_off_as_the_datas",),
    ),
)

OF_RESEARCH: Final = (*PLAN, *GATE, *DECISION, *WORDS)
