"""Commands that bring data in, learn from them and list them: import, fit, universes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import AsOfOption, JsonOption, UniverseOption, parsed_date
from core.errors import CallerError

if TYPE_CHECKING:
    from core.records.result import Dataset

Files = Annotated[list[Path] | None, typer.Option(metavar="FILE")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_)
    app.command()(fit)
    app.command()(universes)


def import_(
    universe: UniverseOption,
    prices: Files = None,
    flows: Files = None,
    fundamentals: Files = None,
    macro: Files = None,
    members: Files = None,
    positions: Files = None,
    weights: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="benchmark weights, by sector or stock"),
    ] = None,
    series: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="alternative data: dated values of sectors or stocks, any series"
        ),
    ] = None,
    news: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="dated texts: their tones, and titles to display"),
    ] = None,
    index: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="index series")] = None,
    intraday: Files = None,
    holdings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="what you hold; see docs/guide.md")
    ] = None,
    holdings_date: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="of a holdings file without a date column"),
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="override the guess")
    ] = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", metavar="FIELD=UNIT", help="override a unit")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="show the mapping, write nothing")] = False,
    as_json: JsonOption = False,
) -> None:
    """Store your own Parquet, CSV or XLSX files; the column mapping is shown first."""
    from app.cli.holding import import_holdings
    from app.cli.importing import import_files

    given: dict[Dataset, list[Path]] = {
        "prices": [*(prices or []), *(index or [])],
        "intraday": intraday or [],
        "flows": flows or [],
        "fundamentals": fundamentals or [],
        "macro": macro or [],
        "members": members or [],
        "positions": positions or [],
        "weights": weights or [],
        "series": [*(series or []), *(news or [])],
    }
    files = {dataset: tuple(paths) for dataset, paths in given.items() if paths}
    if not files and holdings is None:
        raise CallerError("nothing to import: name a file, for example --prices prices.parquet")
    if files and holdings is not None:
        raise CallerError("import holdings by themselves: --holdings FILE and no other file")
    columns, units = _pairs(column, "--map"), _pairs(unit, "--unit")
    if holdings is None:
        import_files(
            universe, files, columns=columns, units=units, dry_run=dry_run, as_json=as_json
        )
        return
    import_holdings(
        universe,
        holdings,
        dated=parsed_date(holdings_date),
        columns=columns,
        units=units,
        dry_run=dry_run,
        as_json=as_json,
    )


def fit(universe: UniverseOption, as_json: JsonOption = False) -> None:
    """Fit the forecasts of a universe by purged walk-forward."""
    from app.cli.output import say, say_json, telling
    from app.data import prepare
    from app.files.universes import load_universes, one_of
    from app.settings import load_settings

    settings = load_settings()
    chosen = one_of(load_universes(settings.universe_files), universe)
    with telling() as tell:
        prepare(settings, chosen, tell=tell, refit=True)
    if as_json:
        say_json({"universe": universe, "fitted": True})
    else:
        say(f"fitted {universe}; `sectorwise heatmap --universe {universe}` shows the record")


def universes(as_json: JsonOption = False, as_of: AsOfOption = None) -> None:
    """List the universes, and which of them have data."""
    from app.cli.importing import show_universes

    show_universes(as_of=parsed_date(as_of), as_json=as_json)


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    pairs = {}
    for text in given or []:
        name, equals, value = text.partition("=")
        if not (name and equals and value):
            raise CallerError(f"{option} {text!r}: expected NAME=VALUE, for example close=PX_LAST")
        pairs[name] = value
    return pairs
