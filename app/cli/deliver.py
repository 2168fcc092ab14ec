"""The `deliver` commands: tell what waits to be told, look at it, try again, test a sink."""

from typing import Annotated

import typer

from app.cli.options import JsonOption

SinksOption = Annotated[
    list[str], typer.Option("--to", metavar="SINK", help="of [sinks.NAME] in sectorwise.toml")
]
EVERY_SECONDS = 5.0


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Deliver alerts and reports to the sinks of the settings.",
        invoke_without_command=True,
        pretty_exceptions_enable=False,
    )
    group.callback()(deliver)
    group.command("list")(list_)
    group.command()(retry)
    group.command()(test)
    group.command()(report)
    app.add_typer(group, name="deliver")


def deliver(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="what is due now, then end")] = False,
    every: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="between two looks at the outbox")
    ] = EVERY_SECONDS,
    as_json: JsonOption = False,
) -> None:
    """Deliver alerts and reports to the sinks of the settings; without --once until stopped."""
    if context.invoked_subcommand is not None:
        return
    from app.cli.delivering import deliver_always, deliver_once

    if once:
        deliver_once(as_json=as_json)
    else:
        deliver_always(every)


def list_(
    all_: Annotated[bool, typer.Option("--all", help="what was delivered too")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what waits, and what was given up and why."""
    from app.cli.delivering import list_messages

    list_messages(everything=all_, as_json=as_json)


def retry(
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...")] = None,
    all_: Annotated[bool, typer.Option("--all", help="all that were given up")] = False,
) -> None:
    """Put what was given up back in its line."""
    from app.cli.delivering import retry_messages

    retry_messages(tuple(keys or ()), everything=all_)


def test(sink: Annotated[str, typer.Argument(metavar="SINK")]) -> None:
    """Send one test message to a sink now, past its line."""
    from app.cli.delivering import test_sink

    test_sink(sink)


def report(
    run: Annotated[str, typer.Argument(metavar="RUN", help="of `sectorwise runs`, or `last`")],
    to: SinksOption,
) -> None:
    """Put a kept report in the line of a sink: as a mail, its PDF attached."""
    from app.cli.posting import post_report

    post_report(run, tuple(to))
