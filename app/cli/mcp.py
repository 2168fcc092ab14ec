"""The `mcp` command: the tools, for any MCP client."""

from typing import Annotated, Literal

import typer

from app.cli.options import AsOfOption, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(mcp)


def mcp(
    http: Annotated[bool, typer.Option("--http", help="streamable HTTP instead of stdio")] = False,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="to bind; not loopback: needs a token")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one")] = 8765,
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST[:PORT]", help="another name clients reach the server by"),
    ] = None,
    as_of: AsOfOption = None,
    print_config: Annotated[
        Literal["claude", "cursor", "vscode", "langgraph"] | None,
        typer.Option(help="print what the client's configuration needs, and stop"),
    ] = None,
) -> None:
    """Serve the tools over the Model Context Protocol."""
    from app.cli.address import Address

    address = Address(host, port, tuple(name or ())) if http else None
    if print_config is None:
        from app.cli.serving import serve

        serve(address, latest=parsed_date(as_of))
        return
    from app.cli.clients import config_text, what_to_add

    typer.echo(config_text(print_config, url=None if address is None else address.url))
    note = what_to_add(print_config) if address is None else None
    if note is not None:
        typer.echo(note, err=True)
