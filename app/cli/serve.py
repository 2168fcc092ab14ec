"""The `serve` command: the page and every HTTP door."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="to bind; not loopback: needs a token")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one")] = 8080,
) -> None:
    """Serve the page, the chat and the standard interfaces over HTTP."""
    from app.cli.serving_pages import serve_pages

    serve_pages(host, port)
