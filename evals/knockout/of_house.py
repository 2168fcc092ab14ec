"""The defences around what is kept, told, served and installed (S8, S9, S11 to S15)."""

from typing import Final

from app.web.security.headers import ALWAYS, CSP
from evals.knockout import stand_ins
from evals.knockout.defence import Defence, fixed, own_unchanged

RENDER: Final = "tests/app/render"
SECURITY: Final = "tests/app/web/security"
STATE: Final = "tests/app/state"
TOOLBOX: Final = "tests/agents/toolbox"

SECOND: Final = "tests/evals/second"

TOLD: Final = (
    Defence(
        "S8.pages",
        "a second verifier tells a finished page that says what its report does not",
        (("evals.second.verifier.faults", fixed(())),),
        (f"{SECOND}/test_verifier.py::test_a_changed_page_is_told",),
    ),
    Defence(
        "S8.weights",
        "it tells weights and stances that do not follow from each other",
        (("evals.second.verifier.weight_faults", fixed(())),),
        (f"{SECOND}/test_verifier.py::test_weights_that_do_not_follow_are_told_of_a_whole_report",),
    ),
    Defence(
        "S8.active",
        "it tells whatever on a page runs, loads, leads away or hides",
        (("evals.second.verifier.activity", fixed(())),),
        (f"{SECOND}/test_verifier.py::test_what_runs_on_a_whole_page_is_told",),
    ),
    Defence(
        "S9.escape",
        "words stay words on a page",
        (("app.render.html.environment", stand_ins.unescaped),),
        (f"{RENDER}/test_html.py::test_the_users_words_stay_words",),
    ),
    Defence(
        "S9.policy",
        "a page allows the browser its own style and nothing else",
        (("app.render.html.template_text", stand_ins.without_policy),),
        (f"{RENDER}/test_html.py::test_the_policy_allows_only_the_style_of_the_page",),
    ),
    Defence(
        "S9.headers",
        "every answer tells the browser the site's policy",
        (
            (
                "app.web.security.headers.ALWAYS",
                {name: value for name, value in ALWAYS.items() if name != CSP},
            ),
        ),
        (f"{SECURITY}/test_keys.py::test_the_login_page_obeys_the_policy_it_is_sent_with",),
    ),
    Defence(
        "S9.markdown",
        "no text opens a tag or a link in Markdown",
        (("app.render.markdown.MARKS", {}), ("app.render.markdown.ALL_MARKS", {})),
        (f"{RENDER}/test_markdown.py::test_no_text_opens_a_tag_or_a_link",),
    ),
    Defence(
        "S9.formulas",
        "no text becomes a formula of a spreadsheet",
        (("app.render.delimited.RISKY", ("\x00",)),),
        (f"{RENDER}/test_delimited.py::test_text_never_becomes_a_formula",),
    ),
    Defence(
        "S9.egress",
        "a model's endpoint cannot send a question elsewhere",
        (("agents.llm.openai_model.guarded_client", stand_ins.following_redirects),),
        (
            "tests/agents/llm/test_openai_model.py::"
            "test_a_question_is_sent_nowhere_but_to_the_endpoint",
        ),
    ),
)

KEPT: Final = (
    Defence(
        "S11.lease",
        "while a lease stands nobody else takes it",
        (("app.state.leases._stands", fixed(value=False)),),
        (f"{STATE}/test_leases.py::test_of_many_at_once_one_takes_it",),
    ),
    Defence(
        "S11.fence",
        "who lost its lease marks nothing",
        (("app.delivery.outbox.fenced", fixed(value=True)),),
        (
            "tests/app/delivery/test_outbox.py::"
            "test_who_slept_through_the_end_of_its_lease_marks_nothing",
        ),
    ),
    Defence(
        "S11.key",
        "a message is told once, whoever posts it",
        (("app.delivery.outbox.added", stand_ins.always_new),),
        ("tests/app/delivery/test_outbox.py::test_a_key_is_told_once_whoever_posts_it",),
    ),
    Defence(
        "S11.ledger",
        "a run never makes the same call twice",
        (("agents.toolbox.ledger.Ledger._usable", fixed(None)),),
        (f"{TOOLBOX}/test_ledger.py::test_a_live_run_never_makes_the_same_call_twice",),
    ),
    Defence(
        "S12.classes",
        "a checkpoint builds nothing by its name",
        (("agents.checkpoints._serde", stand_ins.open_serializer),),
        (
            "tests/agents/test_standing.py::"
            "test_a_forged_row_of_a_file_is_refused_and_not_carried_out",
        ),
    ),
    Defence(
        "S12.required",
        "no run starts where langgraph was imported without its strict setting",
        (("agents.checkpoints.require_strict_msgpack", fixed(None)),),
        (
            "tests/agents/test_standing.py::"
            "test_nothing_is_opened_where_checkpoints_could_build_classes",
        ),
    ),
    Defence(
        "S12.whole",
        "a damaged database is not opened",
        (("app.state.integrity.quick_damage", fixed(None)),),
        (f"{STATE}/test_integrity.py::test_what_is_no_database_is_told",),
    ),
    Defence(
        "S12.modes",
        "what is kept is its owner's alone",
        (("app.state.integrity._private", fixed(None)),),
        (f"{STATE}/test_integrity.py::test_a_file_that_is_not_there_is_made_for_its_owner_only",),
    ),
)

SERVED: Final = (
    Defence(
        "S13.host",
        "a request for another host is refused",
        (("app.web.security.names.Named._refused", fixed(None)),),
        (f"{SECURITY}/test_names.py::test_only_our_hosts_and_origins_get_in_by_any_method",),
    ),
    Defence(
        "S13.origin",
        "a page of another origin is refused",
        (("app.web.security.names.Named._is_ours", fixed(value=True)),),
        (f"{SECURITY}/test_names.py::test_only_our_hosts_and_origins_get_in_by_any_method",),
    ),
    Defence(
        "S13.token",
        "no wrong token opens a door",
        (("app.web.security.tokens.Tokens.accepts", fixed(value=True)),),
        (f"{SECURITY}/test_keys.py::test_no_wrong_or_expired_token_opens_one",),
    ),
    Defence(
        "S13.cookie",
        "with a cookie alone only a page of ours changes anything",
        (("app.web.security.keys._comes_from_a_page", fixed(value=True)),),
        (
            f"{SECURITY}/test_keys.py::"
            "test_with_a_cookie_alone_only_a_page_of_ours_changes_anything",
        ),
    ),
    Defence(
        "S13.body",
        "a body over the cap is refused",
        (("tools.guard.WholeBody._read", stand_ins.whole_body),),
        (
            "tests/tools/test_guard.py::"
            "test_a_body_at_the_cap_passes_and_one_byte_more_is_too_large",
            "tests/tools/test_guard.py::test_a_body_in_chunks_without_a_length_is_counted",
        ),
    ),
    Defence(
        "S13.rate",
        "a client that asks too often is told to wait",
        (("app.web.security.rates.Buckets.wait_seconds", fixed(0)),),
        (f"{SECURITY}/test_rates.py::test_a_client_that_asks_too_often_is_told_when_to_ask_again",),
    ),
    Defence(
        "S13.redirect",
        "a tool server cannot send a question to another origin",
        (("agents.toolbox.endpoint._within_origin", stand_ins.wherever_sent),),
        (f"{TOOLBOX}/test_http.py::test_no_redirect_leaves_the_servers_origin",),
    ),
)

SECRET: Final = (
    Defence(
        "S14.texts",
        "what has a secret's form is taken out of texts before they are written",
        (("agents.toolbox.redaction.Redactor.text", own_unchanged),),
        (
            f"{TOOLBOX}/test_ledger.py::test_what_a_server_says_in_a_secrets_form_is_written_nowhere",
        ),
    ),
    Defence(
        "S14.records",
        "no configured secret is written to a recording",
        (("agents.toolbox.redaction.Redactor.json", own_unchanged),),
        (
            f"{TOOLBOX}/test_ledger.py::"
            "test_no_configured_secret_is_written_and_the_run_itself_never_sees_it",
        ),
    ),
    Defence(
        "S14.streams",
        "a secret cut anywhere never leaves in a stream",
        (("agents.toolbox.redaction.Passage.fed", own_unchanged),),
        (f"{SECURITY}/test_secrets.py::test_a_secret_cut_anywhere_never_leaves_in_a_stream",),
    ),
    Defence(
        "S14.logs",
        "no line of a log holds a secret",
        (("agents.toolbox.redaction.Redactor.text", own_unchanged),),
        ("tests/app/observing/test_logs.py::test_no_line_holds_a_secret_not_even_a_traceback",),
    ),
)

INSTALLED: Final = (
    Defence(
        "S15.hashes",
        "locks carry the hash of every file",
        (("pathlib.Path.read_text", stand_ins.lock_without_hashes),),
        ("tests/test_house.py::test_locks_carry_hashes_and_no_addresses",),
    ),
    Defence(
        "S15.floors",
        "no dependency is older than its last advisory",
        (("pathlib.Path.read_text", stand_ins.lock_of_old_releases),),
        ("tests/test_house.py::test_no_dependency_is_older_than_its_last_advisory",),
    ),
)

OF_HOUSE: Final = (*TOLD, *KEPT, *SERVED, *SECRET, *INSTALLED)
