"""The `watch` commands: look at markets while nobody does; silence, acknowledge and list alerts."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import JsonOption, parsed_date, parsed_day

MarketsOption = Annotated[
    list[str] | None,
    typer.Option("--universe", "-u", help="us, vn, … or your own; several watch several"),
]
MarketOption = Annotated[str | None, typer.Option("--universe", "-u", help="of the alerts")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Look at markets in their sessions, and tell what changed: rarely, and once.",
        invoke_without_command=True,
        pretty_exceptions_enable=False,
    )
    group.callback()(watch)
    group.command("list")(list_)
    group.command()(silence)
    group.command()(ack)
    app.add_typer(group, name="watch")


def watch(
    context: typer.Context,
    universes: MarketsOption = None,
    every: Annotated[
        str, typer.Option(metavar="TIME", help="between two looks in a session: 15m, 1h")
    ] = "15m",
    once: Annotated[bool, typer.Option("--once", help="work what is due now, then end")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="count what the rules would have told since a day")
    ] = False,
    since: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="of a dry run")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="of a dry run; absent: the data's end")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="TOML over the packaged rules, key by key")
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--source", help="fetched before a look; absent: sync_sources of the settings"
        ),
    ] = None,
    sync: Annotated[bool, typer.Option(help="fetch before a look")] = True,
    deliver: Annotated[bool, typer.Option(help="also deliver what waits in the outbox")] = True,
    as_json: JsonOption = False,
) -> None:
    """Look at markets in their sessions, and tell what changed; without --once until stopped."""
    if context.invoked_subcommand is not None:
        return
    from app.cli.watching import dry_run_markets, order_of, watch_markets

    order = order_of(
        tuple(universes or ()), every, rules, tuple(sources or ()), sync=sync, deliver=deliver
    )
    if dry_run:
        dry_run_markets(order, parsed_date(since), parsed_day(until), as_json=as_json)
    else:
        watch_markets(order, once=once, as_json=as_json)


def list_(
    universe: MarketOption = None,
    days: Annotated[int, typer.Option(min=1, help="how far back")] = 7,
    as_json: JsonOption = False,
) -> None:
    """Show what was seen, what became of it, and which silences stand."""
    from app.cli.watching_kept import list_alerts

    list_alerts(universe, days, as_json=as_json)


def silence(
    until: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="the last silent day")],
    universe: MarketOption = None,
    rule: Annotated[str | None, typer.Option(help="absent: every rule")] = None,
    sector: Annotated[str | None, typer.Option(help="absent: every sector")] = None,
) -> None:
    """Tell nothing of a rule, a sector or both until a day."""
    from app.cli.watching_kept import silence_alerts

    silence_alerts(universe, rule, sector, parsed_day(until))


def ack(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="first letters do")],
    universe: MarketOption = None,
) -> None:
    """Take alerts as known: what of them still waits is not told any more."""
    from app.cli.watching_kept import acknowledge_alerts

    acknowledge_alerts(universe, tuple(ids))
