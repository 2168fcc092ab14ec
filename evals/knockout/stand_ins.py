"""What stands in a defence's place while it is off: the same work, without the one protection."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import httpx
import httpx2
import numpy as np
from jinja2 import Environment
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from mcp.types import JSONRPCMessage, JSONRPCRequest
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.types import Message as AsgiMessage
from starlette.types import Receive, Scope

from agents.llm.guarded import guarded_client
from agents.toolbox.gate import canonical_text
from agents.toolbox.spec import CallLimits
from agents.toolbox.wire import NOTHING, Heard, Wire, _longer
from app.delivery.message import Message
from app.delivery.table import added
from app.render.html import environment, template_text
from core.portfolio.grid import Start
from core.portfolio.limits import Limit
from core.records.budget import Budget
from core.records.contracts import RESULT_OF_TOOL
from core.records.mandate import Mandate
from core.records.result import ToolResult

VAST = 10**9
"""More than anything a test sends."""
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n')
_read_text = Path.read_text


def of_any_size(structured: object, limits: CallLimits) -> str:
    """Return canonical JSON of any length."""
    return canonical_text(structured, limits.model_copy(update={"answer_bytes": VAST}))


def of_any_shape(structured: object, limits: CallLimits) -> str:
    """Return canonical JSON of any depth and any number of elements."""
    return canonical_text(structured, limits.model_copy(update={"depth": VAST, "elements": VAST}))


class Lenient:
    """A tool's record that overlooks fields it does not know."""

    def __init__(self, record: type[ToolResult]) -> None:
        self._record, self.model_fields = record, record.model_fields

    def model_validate_json(self, text: str, *, strict: bool) -> ToolResult:
        """Return the record of what it knows."""
        try:
            return self._record.model_validate_json(text, strict=strict)
        except ValidationError as error:
            found = [row["loc"] for row in error.errors() if row["type"] == "extra_forbidden"]
            known = json.loads(text)
            unknown = {str(place[0]) for place in found if len(place) == 1}
            if not unknown:
                raise
            kept = {name: value for name, value in known.items() if name not in unknown}
            return self._record.model_validate_json(json.dumps(kept), strict=strict)


LENIENT = {tool: Lenient(record) for tool, record in RESULT_OF_TOOL.items()}


def answer_as_sent(wire: Wire, name: int, message: dict[str, object]) -> Heard:
    """Pass on an answer with every word of the server's."""
    wire.forget(name)
    return Heard(answer=JSONRPCMessage.model_validate(message))


def request_passed_on(_: Wire, method: object, name: object) -> Heard:
    """Pass on what a server asks of us."""
    if type(name) is not int:
        return NOTHING
    asked = JSONRPCRequest(jsonrpc="2.0", id=name, method=str(method))
    return Heard(answer=JSONRPCMessage(asked))


def far_longer(held: bytearray, piece: bytes, cap: int) -> bytearray:
    """Hold a line a hundred times too long; without any end the machine's memory would be it."""
    return _longer(held, piece, 100 * cap)


def following_redirects(*, read_seconds: float) -> httpx2.AsyncClient:
    """Return a client that asks wherever it is sent."""
    client = guarded_client(read_seconds=read_seconds)
    client.follow_redirects = True
    return client


def wherever_sent(request: httpx.Request, response: httpx.Response) -> httpx.URL | None:
    """Return where a redirect leads, to whomever."""
    where = response.headers.get("location")
    return request.url.join(where) if response.is_redirect and where else None


def no_active_cap(_: Mandate, start: Start, *__: object) -> Limit:
    """Return a limit on what a decision may move that allows everything."""
    far = np.full_like(start.benchmark, VAST)
    return Limit("active_cap", "active_cap", low=-far, high=far)


def unlimited(_: Connection, accounts: Mapping[str, Budget], *__: object) -> dict[str, Budget]:
    """Return accounts nobody can empty."""
    return {account: Budget() for account in accounts}


def always_new(connection: Connection, message: Message, **said: object) -> bool:
    """Add a message under a key nobody has."""
    new = message.model_copy(update={"key": f"{message.key}-{uuid4().hex}"})
    return added(connection, new, **said)  # type: ignore[arg-type]  # as it is called


def open_serializer() -> JsonPlusSerializer:
    """Return what builds whatever a checkpoint names."""
    return JsonPlusSerializer(allowed_msgpack_modules=True)


def unescaped(templates: Mapping[str, str]) -> Environment:
    """Return the page's templates, filled with words as they are."""
    made = environment(templates)
    made.autoescape = False
    return made


def without_policy(name: str) -> str:
    """Return a template's text without the policy it tells the browser."""
    return _POLICY.sub("", template_text(name))


async def whole_body(_: object, __: Scope, receive: Receive) -> bytes:
    """Read a body of any length, for as long as it takes."""
    body, more = bytearray(), True
    while more:
        message: AsgiMessage = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def lock_without_hashes(path: Path, encoding: str | None = None) -> str:
    """Return a file's text; a lock's without its hashes."""
    text = _read_text(path, encoding=encoding)
    return re.sub(r"--hash=sha256:\w+", "", text) if path.suffix == ".lock" else text


def lock_of_old_releases(path: Path, encoding: str | None = None) -> str:
    """Return a file's text; a lock's with first releases of everything."""
    text = _read_text(path, encoding=encoding)
    return re.sub(r"==\S+", "==0.0.1", text) if path.suffix == ".lock" else text
