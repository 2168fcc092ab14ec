"""The `sync` command: fetches what is new from a source over a network."""

from typing import Annotated

import typer

from app.cli.options import JsonOption, parsed_date


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sync)


def sync(
    universe: Annotated[str, typer.Argument(help="us, europe, world, vn or your own")],
    source: Annotated[
        str, typer.Option("--source", help="where from; see docs/guide.md for all of them")
    ],
    datasets: Annotated[
        str | None,
        typer.Option(metavar="NAME,…", help="absent: all the source has, but intraday bars"),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="fetch from here; absent: what is missing"),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="fetch up to here; absent: the last session"),
    ] = None,
    bars: Annotated[str, typer.Option(help="length of intraday bars: 15m or 1h")] = "15m",
    stocks: Annotated[bool, typer.Option(help="also the members of the sectors")] = True,
    as_json: JsonOption = False,
) -> None:
    """Fetch what is new and store whole days of it; a broken run goes on where it stopped."""
    from app.cli.syncing import sync_universe

    sync_universe(
        universe,
        source,
        datasets=tuple(name.strip() for name in (datasets or "").split(",") if name.strip()),
        since=parsed_date(since),
        until=parsed_date(until),
        bars=bars,
        stocks=stocks,
        as_json=as_json,
    )
