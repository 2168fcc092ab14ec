"""The `serve` command: the page and every HTTP door."""

from typing import Annotated

import typer

from app.cli.options import AsOfOption, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="to bind; not loopback: needs a token")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one")] = 8080,
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST[:PORT]", help="another name clients reach the server by"),
    ] = None,
    as_of: AsOfOption = None,
    print_token: Annotated[
        bool, typer.Option("--print-token", help="print a token for a day, to log in with")
    ] = False,
) -> None:
    """Serve the page, the chat and the standard interfaces over HTTP."""
    from app.cli.address import Address
    from app.cli.serving_pages import serve_pages

    address = Address(host, port, tuple(name or ()))
    serve_pages(address, latest=parsed_date(as_of), print_token=print_token)
