"""The `backtest` command: what a rule would have earned, its baselines, and what luck explains."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from app.cli.options import JsonOption, parsed_date

HELP = "\n\n".join(
    (
        "Simulate a rule on sector returns, with its baselines beside it.",
        "A decision uses the close of its bar. With --lag 1 it is filled at the close one bar "
        "later and earns from the bar after that; with --lag 0 it is filled at the very close it "
        "was decided on and earns from the next bar. Default: 1 on daily bars; 0 on rarer ones, "
        "where a day later is the same bar, and the answer says `same_close`.",
        "Signals: momentum:12 (months), momentum:12-1 (without the last), combo, reversal:1, "
        "volatility:3, equal_weight, market, leading, improving, weakening, lagging, "
        "model (:1w, :1m, :3m), own:FILE, weights:FILE.",
        "Every run is written to the registry of trials before its result is shown.",
    )
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=HELP)(backtest)


def backtest(
    signal: Annotated[str, typer.Option("--signal", help="what is ranked by, see above")],
    returns: Annotated[
        Path | None,
        typer.Option(
            "--returns", metavar="FILE",
            help="CSV, Parquet or XLSX: a date column, one column a sector, returns in fractions",
        ),
    ] = None,
    universe: Annotated[
        str | None, typer.Option("--universe", "-u", help="an imported universe instead of a file")
    ] = None,
    top: Annotated[
        int | None,
        typer.Option(min=1, help="hold so many in equal parts; default: all, tilted by rank"),
    ] = None,
    rebalance: Annotated[
        Literal["daily", "weekly", "monthly", "quarterly"], typer.Option()
    ] = "monthly",
    cost_bps: Annotated[
        float | None,
        typer.Option(
            "--cost-bps", min=0.0, max=9999.0,
            help="a side, basis points; default: the market's own, 10 for a file",
        ),
    ] = None,
    start: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="first bar that counts")
    ] = None,
    end: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="last bar; default: the data's last")
    ] = None,
    lag: Annotated[
        int | None,
        typer.Option(min=0, max=63, help="bars from decision to fill; default: see above"),
    ] = None,
    offsets: Annotated[
        Literal["all", "first"],
        typer.Option(help="decide on every day of the period in equal parts, or on its last"),
    ] = "all",
    smoothing: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="weight of the last targets in the next")
    ] = 0.0,
    band: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="a weight nearer to its target stays")
    ] = 0.0,
    market: Annotated[
        str | None,
        typer.Option(metavar="COLUMN|FILE", help="the market; default: the column `market`"),
    ] = None,
    unit: Annotated[
        Literal["fraction", "percent"], typer.Option(help="of the file's cells")
    ] = "fraction",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="write result.json and tearsheet.html")
    ] = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Simulate a rule on sector returns, with its baselines beside it."""
    from app.backtesting.backtests import Asked
    from app.cli.backtesting import show_backtest

    asked = Asked(
        signal=signal, returns=returns, universe=universe, unit=unit, market=market, top=top,
        rebalance=rebalance, cost_bps=cost_bps, lag_bars=lag, smoothing=smoothing, band=band,
        offsets=offsets, start=parsed_date(start), end=parsed_date(end),
    )  # fmt: skip
    show_backtest(asked, out=out, as_json=as_json)
