"""The `batch` command: every report of a plan, resumable, on one machine or several."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.options import Horizon, JsonOption, Language

Engine = Literal["loky", "dask", "ray"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(batch)


def batch(
    plan: Annotated[
        Path | None, typer.Argument(metavar="[PLAN.toml]", help="universes, dates, limits")
    ] = None,
    universe: Annotated[
        list[str] | None, typer.Option("--universe", "-u", help="in place of a plan, repeated")
    ] = None,
    as_of: Annotated[
        list[str] | None,
        typer.Option("--as-of", metavar="YYYY-MM-DD", help="repeated; absent: the last session"),
    ] = None,
    horizon: Annotated[Horizon | None, typer.Option(help="without a plan; absent: 1M")] = None,
    lang: Annotated[Language | None, typer.Option(help="without a plan; absent: en")] = None,
    out: Annotated[Path, typer.Option(help="one folder a report")] = Path("out/batch"),
    formats: Annotated[
        str | None, typer.Option("--formats", help="pdf,html,email,xlsx,json unless the plan says")
    ] = None,
    engine: Annotated[Engine | None, typer.Option(help="who runs them; absent: loky")] = None,
    workers: Annotated[int, typer.Option(min=1, help="processes, of loky and ray")] = 1,
    dask_address: Annotated[
        str | None, typer.Option("--dask-address", help="tcp://HOST:8786; means --engine dask")
    ] = None,
    ray_address: Annotated[
        str | None, typer.Option("--ray-address", help="HOST:6379; means --engine ray")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="make whole reports again, too")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only estimate")] = False,
    wait_for: Annotated[
        str | None, typer.Option("--wait-for", help="prices,foreign,proprietary of the last day")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="HH:MM", help="then without; market's time; absent: 18:30"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a report for every universe and date; finished ones are not made again.

    The same command goes on where it was stopped.
    """
    from app.cli.batching import Asked, write_batch

    asked = Asked(
        plan=plan, universes=tuple(universe or ()), dates=tuple(as_of or ()), horizon=horizon,
        language=lang, out=out, formats=formats, engine=engine, workers=workers,
        dask_address=dask_address, ray_address=ray_address, again=again, wait_for=wait_for,
        until=until,
    )  # fmt: skip
    write_batch(asked, dry_run=dry_run, as_json=as_json)
