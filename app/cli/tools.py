"""The `tools` commands: which tools there are and from whom, and a call of one."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.options import JsonOption

tools = typer.Typer(
    help="List tool servers and tools; call one; accept one that changed; write the reference.",
    invoke_without_command=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(tools, name="tools")


@tools.callback()
def listing(context: typer.Context, as_json: JsonOption = False) -> None:
    """List tool servers and tools; call one; accept one that changed; write the reference."""
    if context.invoked_subcommand is None:
        from app.cli.tool_listing import show_tools

        show_tools(as_json=as_json)


@tools.command()
def call(
    name: Annotated[str, typer.Argument(metavar="TOOL")],
    arguments: Annotated[
        str, typer.Option("--json", metavar="JSON", help="its arguments, a JSON object")
    ] = "{}",
    output: Annotated[
        Literal["text", "json"], typer.Option(help="a table to read, or every value")
    ] = "text",
    own: Annotated[
        bool, typer.Option("--own", help="ask our own server, whatever mcp.json says")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="where a picture is written")
    ] = None,
) -> None:
    """Call one tool, through the same gateway as a report does."""
    from app.cli.tool_calling import call_tool

    call_tool(name, arguments, output=output, own=own, out=out)


@tools.command()
def accept(
    server: Annotated[str, typer.Argument(metavar="SERVER")],
    tool: Annotated[str | None, typer.Argument(metavar="[TOOL]", help="all when absent")] = None,
    as_json: JsonOption = False,
) -> None:
    """Use a tool again that a server changed, as it announces it now."""
    from app.cli.tool_listing import accept_tools

    accept_tools(server, tool, as_json=as_json)


@tools.command()
def reference(
    out: Annotated[Path, typer.Option(metavar="FILE")] = Path("docs/tools.md"),
) -> None:
    """Write what every tool takes and answers, from the published schemas."""
    from app.cli.tool_listing import write_reference

    write_reference(out)
