import io
import json
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import duckdb
import numpy as np
import pandas as pd
import pytest
import typer
from typer.exceptions import TyperException

from app.backtesting.backtests import RESULT_FILE, SHEET_FILE
from app.cli import backtest as command
from app.journals.trials import Trials
from app.settings import load_settings
from core.errors import SectorwiseError
from core.records.backtest import BacktestResult
from tests.app.command import Ran

SECTORS = ("Durbl", "Enrgy", "HiTec", "Hlth")


def said(folder: Path, *arguments: str) -> Ran:
    """What the command answers to these arguments, with this folder as home and as its place."""
    app = typer.Typer(context_settings={"help_option_names": ["-h", "--help"]})
    app.callback()(lambda: None)
    command.register(app)
    out, error, code = io.StringIO(), "", 0
    with (
        patch.dict("os.environ", {"SECTORWISE_HOME": str(folder)}),
        redirect_stdout(out),
        redirect_stderr(io.StringIO()),
    ):
        try:
            app(["backtest", *arguments], standalone_mode=False)
        except SectorwiseError as told:
            error, code = str(told), told.exit_code
        except TyperException as told:
            error, code = told.format_message(), 2
    return Ran(code, out.getvalue(), error)


def answer(folder: Path, *arguments: str) -> Mapping[str, object]:
    ran = said(folder, *arguments, "--json")
    assert ran.code == 0, ran.error
    found = ran.json()
    assert isinstance(found, dict)
    return found


def months(n_bars: int = 72) -> pd.DataFrame:
    moves = np.random.default_rng(3).normal(0.01, 0.05, (n_bars, len(SECTORS)))
    dates = pd.date_range("2001-01-31", periods=n_bars, freq="ME")
    frame = pd.DataFrame(moves.round(6), columns=list(SECTORS))
    return pd.concat([pd.Series(dates.strftime("%Y-%m-%d"), name="date"), frame], axis=1)


def stored(path: Path, frame: pd.DataFrame) -> str:
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        connection = duckdb.connect()
        connection.register("frame", frame)
        connection.sql("select * from frame").write_parquet(str(path))
    return str(path)


@pytest.fixture
def file(tmp_path: Path) -> str:
    return stored(tmp_path / "returns.csv", months())


def test_the_answer_has_fractions_at_the_top_and_the_record_below(
    tmp_path: Path, file: str
) -> None:
    told = answer(
        tmp_path, "--returns", file, "--signal", "momentum:12", "--top", "2", "--rebalance",
        "monthly", "--cost-bps", "0", "--start", "2003-01-01", "--end", "2005-12-31",
    )  # fmt: skip
    whole = BacktestResult.model_validate(told["result"])
    own = whole.performance
    for name in ("cagr", "volatility", "sharpe", "max_drawdown", "turnover"):
        assert told[name] == getattr(own, name), name
    assert (own.first, own.last, own.bars_count) == (date(2003, 1, 31), date(2005, 12, 31), 36)
    assert "same_close" in whole.caveats
    assert whole.universe.startswith("file-")


@pytest.mark.prove
def test_the_same_returns_in_any_form_are_the_same_backtest(tmp_path: Path, file: str) -> None:
    wide = months()
    long = wide.melt("date", var_name="industry", value_name="ret")
    dated = wide.assign(date=pd.to_datetime(wide["date"]))
    percent = wide.assign(**{name: wide[name] * 100.0 for name in SECTORS})
    coded = wide.assign(date=wide["date"].str[:4] + wide["date"].str[5:7])
    asked = ("--signal", "momentum:6", "--top", "2")
    first = answer(tmp_path, "--returns", file, *asked)
    for name, frame, more in (
        ("a.parquet", dated, ()),
        ("long.csv", long, ()),
        ("long.parquet", long.assign(date=pd.to_datetime(long["date"])), ()),
        ("percent.csv", percent, ("--unit", "percent")),
        ("coded.csv", coded, ()),
    ):
        again = answer(tmp_path, "--returns", stored(tmp_path / name, frame), *asked, *more)
        assert again["cagr"] == pytest.approx(first["cagr"], abs=1e-12), name
        assert again["turnover"] == pytest.approx(first["turnover"], abs=1e-9), name
        assert again["trials_count"] == 1, name


def test_a_market_is_a_column_or_a_file(tmp_path: Path) -> None:
    wide = months()
    own = wide.assign(Mkt=wide[list(SECTORS)].mean(axis=1))
    apart = stored(tmp_path / "market.csv", own[["date", "Mkt"]])
    asked = ("--signal", "market", "--start", "2002-01-01")
    column = answer(
        tmp_path, "--returns", stored(tmp_path / "own.csv", own), *asked, "--market", "Mkt"
    )
    beside = answer(
        tmp_path, "--returns", stored(tmp_path / "b.csv", wide), *asked, "--market", apart
    )
    assert column["cagr"] == beside["cagr"]
    assert column["turnover"] is None
    both = stored(tmp_path / "both.csv", own.assign(market=0.5))
    other = BacktestResult.model_validate(
        answer(tmp_path, "--returns", both, "--signal", "momentum:3", "--market", "Mkt")["result"]
    )
    assert {row.sector for row in other.effects} <= {name.lower() for name in SECTORS}
    named = stored(tmp_path / "named.csv", own.rename(columns={"Mkt": "market"}))
    assert answer(tmp_path, "--returns", named, *asked)["cagr"] == column["cagr"]


def test_one_bar_later_is_one_flag_away(tmp_path: Path, file: str) -> None:
    asked = ("--returns", file, "--signal", "momentum:3", "--top", "1", "--start", "2002-01-01")
    at_once, later = answer(tmp_path, *asked), answer(tmp_path, *asked, "--lag", "1")
    assert (at_once["lag_bars"], later["lag_bars"]) == (0, 1)
    assert at_once["cagr"] != later["cagr"]
    assert "same_close" not in str(later["caveats"])


def test_daily_bars_are_filled_a_bar_later_unless_said_otherwise(tmp_path: Path) -> None:
    dates = pd.bdate_range("2001-01-01", periods=400).strftime("%Y-%m-%d")
    moves = np.random.default_rng(4).normal(0.0, 0.01, (400, 4))
    frame = pd.DataFrame(moves, columns=list(SECTORS)).assign(date=dates)
    told = answer(
        tmp_path, "--returns", stored(tmp_path / "d.csv", frame), "--signal", "momentum:3",
        "--rebalance", "weekly",
    )  # fmt: skip
    assert told["lag_bars"] == 1
    assert "same_close" not in str(told["caveats"])


def test_every_run_is_a_trial_and_a_repeated_one_is_none_more(tmp_path: Path, file: str) -> None:
    counts = [
        answer(tmp_path, "--returns", file, "--signal", signal, "--top", "2")["trials_count"]
        for signal in ("momentum:12", "momentum:6", "momentum:12", "combo")
    ]
    assert counts == [1, 2, 2, 3]
    with patch.dict("os.environ", {"SECTORWISE_HOME": str(tmp_path)}):
        registry = Trials(load_settings().database)
    assert len(registry.runs()) == 4
    registry.close()


def test_a_trial_is_written_down_even_if_nobody_sees_its_result(tmp_path: Path, file: str) -> None:
    ran = said(tmp_path, "--returns", file, "--signal", "combo", "--out", file + "/x")
    assert ran.code == 2
    told = answer(tmp_path, "--returns", file, "--signal", "momentum:1")
    assert told["trials_count"] == 2


def test_own_scores_and_weights_come_from_files(tmp_path: Path, file: str) -> None:
    wide = months()
    scores = wide.copy()
    scores[list(SECTORS)] = 0.0
    scores["Enrgy"] = 1.0
    best = answer(
        tmp_path, "--returns", file, "--signal", f"own:{stored(tmp_path / 's.csv', scores)}",
        "--top", "1", "--cost-bps", "0",
    )  # fmt: skip
    fixed = stored(tmp_path / "W eights.csv", pd.DataFrame({"sector": ["Enrgy"], "weight": [1.0]}))
    whole = answer(
        tmp_path, "--returns", file, "--signal", f"weights:{fixed}", "--cost-bps", "0",
        "--start", "2001-03-01",
    )  # fmt: skip
    alone = wide["Enrgy"].iloc[2:]
    assert whole["cagr"] == pytest.approx(float(np.prod(1 + alone)) ** (12 / len(alone)) - 1)
    assert best["turnover"] == 0.0
    assert whole["turnover"] == pytest.approx(0.0, abs=1e-12)
    name = BacktestResult.model_validate(whole["result"]).spec.signal
    assert name.startswith("weights:w_eights+")


def test_a_file_costs_what_paper_does_and_saying_so_is_no_other_trial(
    tmp_path: Path, file: str
) -> None:
    asked = ("--returns", file, "--signal", "momentum:6", "--top", "2")
    silent, stated = answer(tmp_path, *asked), answer(tmp_path, *asked, "--cost-bps", "10")
    assert stated["result"] == silent["result"]
    assert stated["trials_count"] == 1
    assert BacktestResult.model_validate(silent["result"]).spec.cost_bps == 10.0


def test_own_weights_are_called_given_and_what_nobody_checked_is_said(
    tmp_path: Path, file: str
) -> None:
    for weights, cash in (((0.5, 0.4), True), ((0.5, 0.5), False)):
        frame = pd.DataFrame({"sector": ["Enrgy", "Hlth"], "weight": weights})
        fixed = stored(tmp_path / "w.csv", frame)
        ran = said(tmp_path, "--returns", file, "--signal", f"weights:{fixed}")
        assert "weights as given" in ran.out
        assert "sectorwise audit look-ahead" in ran.out
        assert ("in cash" in ran.out) == cash
    fixed = str(tmp_path / "w.csv")
    refused = said(tmp_path, "--returns", file, "--signal", f"weights:{fixed}", "--top", "2")
    assert refused.code == 2
    assert "--top is of scores" in refused.error
    plain = said(tmp_path, "--returns", file, "--signal", "momentum:3").out
    assert "tilted by rank" in plain
    assert "look-ahead" not in plain


def test_equal_weight_stands_once_and_is_not_tilted(tmp_path: Path, file: str) -> None:
    ran = said(tmp_path, "--returns", file, "--signal", "equal_weight")
    assert "all in equal parts" in ran.out
    assert sum("equal_weight" in line for line in ran.out.splitlines()) == 2
    assert "n/a %" not in ran.out


def test_the_record_and_the_sheet_are_written(tmp_path: Path, file: str) -> None:
    out = tmp_path / "out"
    ran = said(tmp_path, "--returns", file, "--signal", "momentum:6", "--out", str(out))
    assert ran.code == 0, ran.error
    record = BacktestResult.model_validate_json((out / RESULT_FILE).read_text(encoding="utf-8"))
    assert record.spec.signal == "momentum:6"
    assert (out / SHEET_FILE).read_text(encoding="utf-8").startswith("<!")
    assert str(out / SHEET_FILE) in ran.out


def test_people_see_the_baselines_the_trials_and_what_flatters(tmp_path: Path, file: str) -> None:
    ran = said(
        tmp_path, "--returns", file, "--signal", "momentum:6", "--top", "2", "--cost-bps", "0"
    )
    for words in ("equal_weight", "momentum:12-1", "PSR", "1 trial on file-", "the very close",
                  "trading is free here", "break-even"):  # fmt: skip
        assert words in ran.out, words


BAD = {
    "no date column": ("Durbl,Enrgy\n0.1,0.2\n", "no column of dates"),
    "no sector": ("date\n2001-01-31\n2001-02-28\n", "no column beside"),
    "no rows": ("date,a\n", "no rows"),
    "duplicate dates": ("date,a\n2001-01-31,0.1\n2001-01-31,0.1\n", "2001-01-31 has more than one"),
    "unsorted": ("date,a\n2001-02-28,0.1\n2001-01-31,0.1\n", "2001-01-31 stands after 2001-02-28"),
    "no date": ("date,a\n2001-01-31,0.1\nsoon,0.1\n", "no date in line 3"),
    "percent": ("date,a\n2001-01-31,2.1\n2001-02-28,-3.0\n", "--unit percent"),
    "text": ("date,a\n2001-01-31,0.1\n2001-02-28,n/a\n", "'n/a' in column 'a', line 3"),
    "gap": ("date,a,b\n2001-01-31,0.1,0\n2001-02-28,,0\n2001-03-31,0.1,0\n", "a has no return on"),
    "empty column": ("date,a,b\n2001-01-31,0.1,\n2001-02-28,0.1,\n", "column 'b' holds no return"),
    "infinite": ("date,a\n2001-01-31,0.1\n2001-02-28,inf\n", "infinite in line 3"),
    "total loss": ("date,a\n2001-01-31,0.1\n2001-02-28,-1.0\n", "a loss of 100 %"),
    "missing code": ("date,a\n2001-01-31,0.1\n2001-02-28,-0.9999\n", "code for a missing return"),
    "no name": ("date,a,%\n2001-01-31,0.1,0\n2001-02-28,0.1,0\n", "no name of its own"),
    "two bars": ("date,a,b\n2001-01-31,0.1,0\n2001-02-28,0.1,0\n", "fewer than 20 bars"),
}


@pytest.mark.parametrize("kind", sorted(BAD))
def test_a_bad_file_is_one_sentence(tmp_path: Path, kind: str) -> None:
    content, words = BAD[kind]
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    ran = said(tmp_path, "--returns", str(path), "--signal", "momentum:1", "--top", "1")
    assert ran.code in (2, 3)
    assert words in ran.error
    assert len(ran.error.splitlines()) == 1
    assert ran.out == ""


def test_a_day_to_come_is_refused(tmp_path: Path) -> None:
    late = date.today() + timedelta(days=40)  # noqa: DTZ011 - a calendar date
    path = tmp_path / "late.csv"
    path.write_text(f"date,a\n2001-01-31,0.1\n{late},0.1\n", encoding="utf-8")
    ran = said(tmp_path, "--returns", str(path), "--signal", "momentum:1")
    assert ran.code == 3
    assert "yet to come" in ran.error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--signal", "rsi:14"), "momentum:12"),
        (("--signal", "momentum:12", "--top", "9"), "has 4 sectors"),
        (("--signal", "momentum:1", "--start", "2004-01-01", "--end", "2003-01-01"), "exchange"),
        (("--signal", "momentum:1", "--start", "31/12/2003"), "YYYY-MM-DD"),
        (("--signal", "momentum:1", "--rebalance", "weekly"), "the bars are monthly"),
        (("--signal", "leading"), "weekly chart"),
        (("--signal", "market"), "--market"),
        (("--signal", "momentum:1", "--market", "SPX"), "neither a column"),
        (("--signal", "momentum:48", "--end", "2003-01-01"), "fewer than 20 bars"),
        (("--signal", "own:"), "own:FILE"),
        (("--signal", "momentum:1", "-u", "demo"), "either --returns FILE or -u"),
        (("--signal", "momentum:1", "--cost-bps", "-1"), "cost-bps"),
        (("--signal", "momentum:1", "--top", "0"), "top"),
        ((), "--signal"),
    ],
)
def test_a_wrong_word_is_one_sentence(
    tmp_path: Path, file: str, arguments: tuple[str, ...], words: str
) -> None:
    ran = said(tmp_path, "--returns", file, *arguments)
    assert ran.code == 2
    assert words in ran.error
    assert len(ran.error.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("sector,weight\nEnrgy,0.7\nHlth,0.7\n", "sum to 1.4"),
        ("sector,weight\nEnrgy,-0.1\n", "below 0"),
        ("sector,weight\nMoon,0.5\n", "no sector"),
        ("sector,weight\nEnrgy,0.5\nEnrgy,0.5\n", "twice"),
        ("sector,weight,x\nEnrgy,0.5,1\n", "needs two columns"),
    ],
)
def test_weights_that_are_no_portfolio_are_refused(
    tmp_path: Path, file: str, content: str, words: str
) -> None:
    path = tmp_path / "w.csv"
    path.write_text(content, encoding="utf-8")
    ran = said(tmp_path, "--returns", file, "--signal", f"weights:{path}")
    assert ran.code == 3
    assert words in ran.error


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    ran = said(tmp_path, "--returns", "none.csv", "--signal", "combo")
    assert ran.code == 3
    assert "no such file" in ran.error


def test_the_help_says_when_an_order_is_filled(tmp_path: Path) -> None:
    ran = said(tmp_path, "--help")
    told = " ".join(ran.out.split())
    assert "the very close" in told
    assert "same_close" in told


FABER = {
    1: ((12.78, 23.06), (13.22, 20.57), (14.51, 19.86)),
    3: ((12.92, 20.89), (13.46, 19.50), (13.51, 18.66)),
    6: ((12.76, 21.55), (13.86, 19.06), (13.33, 18.31)),
    9: ((14.57, 22.14), (13.84, 19.66), (12.70, 19.02)),
    12: ((15.85, 22.18), (14.33, 19.74), (13.76, 18.48)),
}
"""CAGR and volatility, percent, of the best 1, 2 and 3 of ten industries by so many months, 1928 to
2009: the table of the reference notes, made by other code on the same file (after Faber, 2010)."""

EQUAL_WEIGHT, MARKET = (10.28, 18.47), (9.29, 19.06)


def industries(folder: Path) -> pd.DataFrame:
    """Ten value-weighted industries and the market to the end of 2009, fractions."""
    rows = duckdb.sql(
        "select i.date, i.industry, i.vw / 100.0 as ret, (f.mkt_rf + f.rf) / 100.0 as market "  # noqa: S608 - paths of ours
        f"from '{folder / 'B_french_industry_monthly.parquet'}' i "
        f"join '{folder / 'B_french_ff3_factors_monthly.parquet'}' f using (date) "
        "where i.scheme = 10 and i.date <= '2009-12-31'"
    ).df()
    wide = rows.pivot(index="date", columns="industry", values="ret")
    return wide.assign(market=rows.groupby("date")["market"].first()).reset_index()


@pytest.mark.prove
@pytest.mark.real_data
def test_ten_industries_earn_what_other_code_says_they_earned(
    tmp_path: Path, shared_data: Path
) -> None:
    file = stored(tmp_path / "industries.parquet", industries(shared_data))
    wanted = {
        (f"momentum:{bars}", top): pair
        for bars, row in FABER.items()
        for top, pair in enumerate(row, start=1)
    } | {("equal_weight", 10): EQUAL_WEIGHT, ("market", 10): MARKET}
    for (signal, top), (rate, risk) in wanted.items():
        told = answer(
            tmp_path, "--returns", file, "--signal", signal, "--top", str(top), "--rebalance",
            "monthly", "--cost-bps", "0", "--start", "1928-01-01", "--end", "2009-12-31",
        )  # fmt: skip
        found = [100.0 * float(str(told[name])) for name in ("cagr", "volatility")]
        assert found == pytest.approx([rate, risk], abs=0.05), (signal, top)


def test_a_universe_is_played_under_its_own_rules(demo_home: Path, tmp_path: Path) -> None:
    ledger = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    with patch.dict("os.environ", {"SECTORWISE_DATABASE_URL": ledger}):
        told = answer(demo_home, "-u", "demo", "--signal", "momentum:12", "--top", "3")
    whole = BacktestResult.model_validate(told["result"])
    assert whole.universe == "demo"
    assert whole.spec.lag_bars == 1
    assert "synthetic" in whole.caveats
    assert len(whole.offsets) == 21
    assert {"market", "leading", "improving"} <= {row.strategy for row in whole.baselines}
    assert (whole.performance.cost or 0.0) > 0.0
    assert json.loads(whole.canonical_json())["universe"] == "demo"
