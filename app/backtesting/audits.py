"""Decides how an audit for look-ahead is run: on a factor, on a user's function, or on a file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.audit.cuts import audit_cuts
from core.audit.downloads import revisions
from core.audit.factors import factor_signal
from core.audit.leaks import leaks
from core.audit.releases import odd_releases
from core.audit.series import fillings, odd_dates, scaled_by_the_whole
from core.audit.timing import lag_correlations, odd_timing
from core.errors import CallerError
from core.panel import MarketPanels
from core.records.audit import AuditResult, AuditTest
from core.signals.catalogue import FACTORS, specs

ROUNDING = 1e-9
"""Share of a column's magnitude a user's function may differ by: running sums and transforms round
by what comes after them."""

EVERY = "all"
OWN_SERIES = "alt_"
"""What the factor ids of a user's own series begin with."""

CODE_TESTS: tuple[AuditTest, ...] = ("truncation", "perturbation")

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """How thorough an audit of code is: cuts, and the seed of cuts and futures."""

    cuts_count: int
    seed: int


def names_a_factor(name: str) -> bool:
    """Tell whether a name means factors: `all`, one of the catalogue, or one of a user's series."""
    known = (EVERY, *(spec.id for spec in FACTORS))
    return name in known or (name.startswith(OWN_SERIES) and name.isidentifier())


def factor_audit(name: str, panels: MarketPanels, asked: Asked, tell: Tell) -> AuditResult:
    """Return the audit of a factor of the panels, or of all, bit for bit.

    Raises:
        CallerError: the panels have no such factor, or it has no value in them.
    """
    chosen = [spec for spec in specs(panels) if name in (EVERY, spec.id)]
    if not chosen:
        raise CallerError(f"{panels.universe.id} has no series of the factor {name!r}")
    ids = tuple(spec.id for spec in chosen)
    families = tuple(sorted({spec.family for spec in chosen}))
    tell(f"computing {name}")
    probe = factor_signal(panels, cuts=(), families=families, factors=ids)(panels)
    cuts = _cuts(panels, probe, asked)
    signal = factor_signal(panels, cuts=cuts, families=families, factors=ids)
    found = leaks(signal, panels, cuts=cuts, seed=asked.seed, tell=tell)
    result = _described(name, signal(panels), len(cuts))
    odd = odd_releases(panels, frozenset(spec.dataset for spec in chosen))
    tests = (*CODE_TESTS, "vintage", "calendar")
    return result.model_copy(update={"tests": tests, "leaks": found, "oddities": odd})


def function_audit(
    name: str,
    signal: Callable[[MarketPanels | pd.DataFrame], pd.DataFrame],
    data: MarketPanels | pd.DataFrame,
    asked: Asked,
    tell: Tell,
) -> AuditResult:
    """Return the audit of a user's function of panels, or of closes, dates x columns.

    Raises:
        CallerError: the function returns no value, or other values for the same data.
    """
    tell(f"computing {name}")
    whole = signal(data if isinstance(data, MarketPanels) else data.copy())
    cuts = _cuts(data, whole, asked)
    found = leaks(signal, data, cuts=cuts, tolerance=ROUNDING, seed=asked.seed, tell=tell)
    panels = isinstance(data, MarketPanels)
    return _described(name, whole, len(cuts)).model_copy(
        update={
            "tests": (*CODE_TESTS, "vintage") if panels else CODE_TESTS,
            "untested": () if panels else ("vintage",),
            "leaks": found,
        }
    )


def file_audit(
    name: str,
    series: pd.DataFrame,
    *,
    prices: pd.DataFrame | None,
    earlier: pd.DataFrame | None,
) -> AuditResult:
    """Return the audit of a finished series, which cannot be computed again.

    Args:
        name: as it is shown.
        series: dates x columns, ascending.
        prices: closes, dates x columns; without them timing and listing are not tested.
        earlier: the same series downloaded before; without it revisions are not tested.

    Raises:
        CallerError: the two downloads have nothing in common.
    """
    found = scaled_by_the_whole(series)
    odd = odd_dates(series, None if prices is None else pd.DatetimeIndex(prices.index))
    odd += fillings(series, prices)
    tests: list[AuditTest] = ["scaling", "calendar", "filling"]
    if earlier is not None:
        changed, only_odd = revisions(earlier, series)
        found, odd, tests = found + changed, odd + only_odd, ["download", *tests]
    timing = () if prices is None else lag_correlations(series, prices)
    if timing:
        tests.append("timing")
    every: tuple[AuditTest, ...] = (*CODE_TESTS, "vintage", "download", "timing")
    return _described(name, series, 0).model_copy(
        update={
            "tests": tuple(tests),
            "untested": tuple(test for test in every if test not in tests),
            "leaks": found,
            "oddities": odd + odd_timing(timing),
            "timing": timing,
        }
    )


def _cuts(data: MarketPanels | pd.DataFrame, whole: pd.DataFrame, asked: Asked) -> tuple[date, ...]:
    known = whole.dropna(how="all")
    if known.empty:
        raise CallerError("the signal has no value on any date of these data")
    since = known.index[0].date()
    return audit_cuts(data, count=asked.cuts_count, seed=asked.seed, since=since)


def _described(name: str, frame: pd.DataFrame, cuts_count: int) -> AuditResult:
    return AuditResult(
        signal=name,
        first=frame.index[0].date(),
        last=frame.index[-1].date(),
        rows_count=len(frame),
        columns_count=len(frame.columns),
        cuts_count=cuts_count,
        tests=(),
        untested=(),
        leaks=(),
    )
