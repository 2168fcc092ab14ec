"""The command that audits a factor, a file or a function of the user's own."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.backtesting.audits import Asked, factor_audit, file_audit
from app.cli.leak_words import PLANTED_COUNT, PROVEN_ALONE, PROVEN_WITH_EARLIER, SUSPECTED_ALONE
from core.errors import CallerError
from core.panel import MarketPanels
from core.records.audit import AuditResult
from tests.app.command import Ran, sectorwise
from tests.core.controls.planted import HONEST, LEAKS, Planted
from tests.core.market import days_of, market

N_DAYS = 400
FUNCTIONS = """
import pandas as pd
from core.panel import MarketPanels

def momentum(prices):
    return prices.pct_change(21, fill_method=None)

def ranked(prices):
    return momentum(prices).rank(pct=True)

def of_panels(panels: MarketPanels) -> pd.DataFrame:
    return panels.sectors.volumes.rolling(5).mean()

def fragile(prices):
    assert len(prices) > 390, "needs it all"
    return prices

def text(prices):
    return "high"
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the user's prices and functions in it; the command runs there."""
    (tmp_path / "desk_signals.py").write_text(FUNCTIONS, encoding="utf-8")
    closes().to_csv(tmp_path / "closes.csv", index_label="date")
    return tmp_path


def closes() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    moves = rng.normal(0.0, 0.01, (N_DAYS, 3))
    values = 20.0 * np.exp(np.cumsum(moves, axis=0))
    return pd.DataFrame(values, index=days_of(N_DAYS), columns=list("abc"))


def audit(desk: Path, *arguments: str) -> Ran:
    return sectorwise("audit", "look-ahead", *arguments, home=desk)


def kinds(ran: Ran, part: str = "leaks") -> set[str]:
    found = ran.json()
    assert isinstance(found, dict), ran.error
    return {row["kind"] for row in found[part]}


def test_an_honest_function_is_clean(desk: Path) -> None:
    ran = audit(desk, "desk_signals:momentum", "--prices", "closes.csv", "--cuts", "6")
    assert ran.code == 0, ran.error
    assert "no leak found at 6 cuts in 3 columns (future forgotten, other future prices)" in ran.out
    assert "not tested: later releases" in ran.out


def test_a_function_that_sees_the_future_ends_with_seven_and_one_sentence(desk: Path) -> None:
    asked = ("desk_signals:ranked", "--prices", "closes.csv", "--cuts", "6")
    ran = audit(desk, *asked)
    assert ran.code == 7
    assert "sees the future in 3 of 3 columns" in ran.out
    assert "so do 2 more columns" in ran.out
    assert len(ran.error.strip().splitlines()) == 1
    assert ran.error.startswith("sectorwise: desk_signals:ranked sees the future: ")
    told = audit(desk, *asked, "--json")
    assert told.code == 7
    assert kinds(told) == {"truncation", "perturbation"}


@pytest.mark.prove
def test_a_factor_is_clean_and_a_function_of_panels_is_given_panels(desk: Path) -> None:
    ran = audit(desk, "momentum_12m", "-u", "demo", "--cuts", "3")
    assert ran.code == 0, ran.error
    assert "momentum_12m: no leak found at 3 cuts in 9 columns" in ran.out
    assert "other later releases" in ran.out
    ran = audit(desk, "desk_signals:of_panels", "-u", "demo", "--cuts", "2", "--json")
    found = ran.json()
    assert isinstance(found, dict), ran.error
    assert found["tests"] == ["truncation", "perturbation", "vintage"]
    assert found["leaks"] == []
    refused = audit(desk, "desk_signals:of_panels")
    assert refused.code == 2
    assert "takes MarketPanels" in refused.error


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nonsense",), 2, "expected `all`, a factor (rs_ratio_weekly, "),
        (("momentum_12m",), 2, "name the universe"),
        (("all", "-u", "mars"), 2, "universe 'mars' is unknown"),
        (("absent:f", "--prices", "closes.csv"), 2, "cannot be imported from the working folder"),
        (("desk_signals:absent", "--prices", "closes.csv"), 2, "has no function 'absent'"),
        (("desk_signals:momentum",), 2, "prices are needed"),
        (("desk_signals:text", "--prices", "closes.csv"), 2, "must return a DataFrame"),
        (("desk_signals:fragile", "--prices", "closes.csv"), 2, "(AssertionError: needs it all)"),
        (("gone.csv",), 3, "gone.csv: no such file"),
        (("closes.csv", "--prices", "gone.csv"), 3, "gone.csv: no such file"),
        (("desk_signals:momentum", "--prices", "desk_signals.py"), 3, "are not read"),
        (("desk_signals:momentum", "--earlier", "closes.csv"), 2, "--earlier is for a file"),
        (("closes.csv", "--cuts", "0"), 2, "--cuts"),
    ],
)
def test_bad_input_is_one_clear_sentence(
    desk: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = audit(desk, *arguments)
    assert ran.code == code, ran.error
    assert said in ran.error
    assert len(ran.error.strip().splitlines()) == 1


def test_a_file_says_what_was_and_was_not_tested(desk: Path) -> None:
    closes().pct_change(21, fill_method=None).to_csv(desk / "s.csv", index_label="date")
    ran = audit(desk, "s.csv")
    assert ran.code == 0, ran.error
    assert "no leak found in 3 columns (whole-sample scale, dates, filled values)" in ran.out
    for untested in ("module:function", "--earlier FILE", "--prices FILE"):
        assert untested in ran.out
    with_prices = audit(desk, "s.csv", "--prices", "closes.csv")
    assert "returns around its bar" in with_prices.out
    assert "bars later" in with_prices.out
    assert f"of {PLANTED_COUNT} planted leaks" in with_prices.out


def test_a_revised_download_is_a_leak_and_a_rebased_one_is_not(desk: Path) -> None:
    early = closes().iloc[:300]
    early.to_csv(desk / "early.csv", index_label="date")
    (closes() * 0.9).to_csv(desk / "rebased.csv", index_label="date")
    revised = closes()
    revised.loc[revised.index[100], "b"] = 99.0
    revised.to_csv(desk / "revised.csv", index_label="date")
    clean = audit(desk, "rebased.csv", "--earlier", "early.csv")
    assert clean.code == 0, clean.error
    assert "0.9 times the earlier download: only rebased" in clean.out
    found = audit(desk, "revised.csv", "--earlier", "early.csv", "--json")
    assert found.code == 7
    assert kinds(found) == {"revision"}


def test_oddities_fail_only_when_strict(desk: Path) -> None:
    ahead = closes().pct_change(fill_method=None).shift(-1)
    ahead.to_csv(desk / "ahead.csv", index_label="date")
    asked = ("ahead.csv", "--prices", "closes.csv", "--json")
    ran = audit(desk, *asked)
    assert ran.code == 0
    assert kinds(ran, "oddities") == {"next_bar"}
    told = audit(desk, *asked[:-1]).out
    assert "nothing proven, but suspicious: rank correlation +1.00 with the next bar" in told
    assert "no leak found" not in told
    strict = audit(desk, *asked, "--strict")
    assert strict.code == 7
    assert "1 oddity," in strict.error


@cache
def toy() -> MarketPanels:
    return market()


@cache
def series_of(planted: Planted) -> pd.DataFrame:
    return planted.signal(toy())


def as_file(planted: Planted, *, earlier: bool) -> AuditResult:
    prices = toy().sectors.closes
    before = planted.signal(toy().until(prices.index[600].date())) if earlier else None
    return file_audit(planted.name, series_of(planted), prices=prices, earlier=before)


def test_what_a_files_tests_find_is_what_the_command_says() -> None:
    alone = [as_file(planted, earlier=False) for planted in LEAKS]
    later = [as_file(planted, earlier=True) for planted in LEAKS]
    assert len(LEAKS) == PLANTED_COUNT
    assert sum(bool(result.leaks) for result in alone) == PROVEN_ALONE
    assert sum(bool(row.oddities and not row.leaks) for row in alone) == SUSPECTED_ALONE
    assert sum(bool(result.leaks) for result in later) == PROVEN_WITH_EARLIER
    honest = [as_file(planted, earlier=True) for planted in HONEST]
    assert [row for row in honest if row.leaks or row.oddities] == []


def test_equal_audits_are_equal_to_the_byte() -> None:
    asked = Asked(cuts_count=2, seed=3)
    first, second = (
        factor_audit("excess_1m", toy(), asked, lambda _: None).canonical_json() for _ in range(2)
    )
    assert first == second


def test_a_factor_of_a_series_that_is_not_there_is_refused() -> None:
    with pytest.raises(CallerError, match="toy has no series of the factor 'alt_visits'"):
        factor_audit("alt_visits", toy(), Asked(cuts_count=2, seed=0), lambda _: None)
