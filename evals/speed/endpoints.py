"""The two servers a chat is measured beside: a bare event stream, and a model that takes its time.

Each is a process of its own, as what is measured is: `python -m evals.speed.endpoints bare|model`
prints the address it answers at.
"""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from typing import Final

import uvicorn
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MODEL_SECONDS: Final = 0.3


async def bare(request: Request) -> Response:
    """Stream as many events of as many bytes as asked for, and nothing else."""
    count, size = (int(request.query_params[name]) for name in ("events", "bytes"))
    text = "x" * size

    async def told() -> AsyncIterator[dict[str, str]]:
        for number in range(1, count + 1):
            yield {"id": str(number), "data": text}

    return EventSourceResponse(told())


async def complete(request: Request) -> Response:
    """Answer a completion after a while, with the emptiest object its schema allows."""
    asked = await request.json()
    await asyncio.sleep(MODEL_SECONDS)
    schema = asked["response_format"]["json_schema"]["schema"]
    answer: dict[str, list[object]] = {name: [] for name in schema["required"]}
    message = {"role": "assistant", "content": json.dumps(answer)}
    return JSONResponse(
        {
            "id": "slow", "object": "chat.completion", "created": 0, "model": asked["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
    )  # fmt: skip


ROUTES: Final = {
    "bare": Route("/events", bare),
    "model": Route("/v1/chat/completions", complete, methods=["POST"]),
}


def main(name: str) -> None:
    """Serve on a free port of the loopback interface until ended."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        app = Starlette(routes=[ROUTES[name]])
        uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1])
