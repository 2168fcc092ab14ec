"""The `mcp` command: the tools, for any MCP client."""

from typing import Annotated

import typer

from app.cli.options import AsOfOption, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(mcp)


def mcp(
    http: Annotated[
        bool, typer.Option(help="streamable HTTP on loopback instead of stdio")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8765,
    as_of: AsOfOption = None,
    print_config: Annotated[bool, typer.Option(help="print an mcp.json entry and stop")] = False,
) -> None:
    """Serve the market-data tools over the Model Context Protocol."""
    from app.cli.serving import config_text, serve

    if print_config:
        typer.echo(config_text())
    else:
        serve(port=port if http else None, latest=parsed_date(as_of))
