"""What the interface says of itself is true of every answer, whatever is asked (schemathesis)."""

from typing import Final

import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.utils import many
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.app.web.security.asking import OWN, TOKEN
from tests.app.web.security.conftest import Attacked

CHECKS: Final = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
KNOWN: Final = {"universe": "demo", "sector": "technology"}
"""What is put for a drawn name half of the time: a name drawn at random is never one of ours."""
END: Final = object()
ENDLESS: Final = ("/v1/chat/completions", "/v1/query")
"""Where a drawn question that is one starts a run; other tests ask those."""


def more(elements: many) -> bool:
    """Tell whether there is one more element, as hypothesis-jsonschema still asks."""
    if elements._depth is None:
        elements.__enter__()
        vars(elements)["left"] = iter(elements)
    return next(vars(elements)["left"], END) is not END


@pytest.fixture(scope="module", autouse=True)
def _older_interface() -> None:
    """Give Hypothesis back what hypothesis-jsonschema 0.23 uses and 6.170.15 does not have."""
    if not hasattr(many, "more"):
        setattr(many, "more", more)  # noqa: B010 - it is not declared


def explore(attacked: Attacked, app: FastAPI, examples: int) -> int:
    """Ask every operation so many drawn requests; return how many there were."""
    schema = schemathesis.openapi.from_dict(app.openapi())
    asked = 0

    def check(case: Case, *, known: bool) -> None:
        nonlocal asked
        asked += 1
        if known:
            case.path_parameters |= {k: v for k, v in KNOWN.items() if k in case.path_parameters}
        said = {"Authorization": f"Bearer {TOKEN}"}
        sent = case.as_transport_kwargs(base_url=f"http://{OWN}", headers=said)
        sent.pop("cookies", None)
        sent["headers"] = {k: v.encode("latin-1") for k, v in sent["headers"].items()}
        if isinstance(sent.get("data"), bytes | str):
            sent["content"] = sent.pop("data")
        answer = attacked.client.request(**sent)
        names = {name: [value] for name, value in answer.headers.items()}
        asking = requests.Request(case.method, str(answer.request.url)).prepare()
        seen = Response(
            answer.status_code, names, answer.content, asking, elapsed=0.0, verify=True,
            encoding="utf-8",
        )  # fmt: skip
        case.validate_response(seen, checks=CHECKS)
        assert answer.status_code in {200, 201, 204} or answer.status_code >= 400
        if answer.status_code >= 500:
            assert answer.status_code == 503, answer.text
            assert set(answer.json()) == {"error"}

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path in ENDLESS:
            continue
        modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
        cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))
        settled = settings(
            max_examples=examples, derandomize=True, deadline=None, database=None,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        settled(given(case=cases, known=st.booleans())(check))()
    return asked


def test_no_request_finds_an_answer_the_interface_does_not_describe(
    attacked: Attacked, unguarded: FastAPI
) -> None:
    assert explore(attacked, unguarded, 1) >= 40


@pytest.mark.prove
@pytest.mark.timeout(3600)
def test_no_request_of_many_finds_one(attacked: Attacked, unguarded: FastAPI) -> None:
    assert explore(attacked, unguarded, 60) >= 2000
