"""Decides whether a signal sees the future: its past is recomputed with another one.

It proves a leak or finds none. It cannot see one that is in the data themselves: a release dated
too early, a revised value under its first date, a list of survivors.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

import numpy as np
import pandas as pd

from core.audit.differences import Difference, differences, outside
from core.audit.futures import Data, forgotten, has_releases, perturbed, revised
from core.errors import CallerError
from core.panel import MarketPanels
from core.records.audit import Leak, LeakKind

Given = TypeVar("Given", bound=Data)
Signal = Callable[..., pd.DataFrame]


def leaks(
    signal: Callable[[Given], pd.DataFrame],
    data: Given,
    *,
    cuts: tuple[date, ...],
    tolerance: float = 0.0,
    seed: int = 0,
    tell: Callable[[str], None] | None = None,
) -> tuple[Leak, ...]:
    """Return each column's leaks of each kind, in order of kind and column; none: none was found.

    For each cut the signal is computed again from the data until the cut (truncation), from data
    with other prices, flows and members after it (perturbation), and with other releases and later
    revisions (vintage); rows dated by the cut must not change (metamorphic relations; the first is
    that of freqtrade's lookahead-analysis).

    Args:
        signal: a pure function of the data; dates x columns, numbers, NaN where it has no value.
        data: panels, or one frame of dates x columns such as closes; the signal gets a copy.
        cuts: the last date known of each test, as `audit_cuts` draws them.
        tolerance: a change up to this share of the column's largest magnitude is rounding; 0 asks
            for equal bits.
        seed: of the other futures.
        tell: is told what is under way.

    Raises:
        CallerError: the signal returns no such frame, or another one for the same data.
    """
    run: Signal = signal
    whole = _repeated(run, data, tolerance)
    found: dict[tuple[LeakKind, str], Leak] = {}
    for place, cut in enumerate(cuts):
        if tell is not None:
            tell(f"cut {place + 1} of {len(cuts)}: {cut}")
        for kind, other in _worlds(data, cut, seed + place):
            again = checked(run(other))
            for change in differences(whole, again, until=cut, tolerance=tolerance):
                _note(found, _leak(kind, cut, change))
            if kind == "truncation":
                for change in outside(again, cut, pd.DatetimeIndex(whole.index)):
                    _note(found, _leak("outside", cut, change))
    return tuple(found[key] for key in sorted(found))


def checked(frame: object) -> pd.DataFrame:
    """Return a signal's frame as float64 in ascending order of dates; it may have no rows yet.

    Raises:
        CallerError: it is no frame of dates x columns of numbers.
    """
    wanted = "the signal must return a DataFrame of numbers with one row a date"
    if isinstance(frame, pd.DataFrame) and frame.empty:
        return pd.DataFrame(index=pd.DatetimeIndex([]), dtype="float64")
    if not isinstance(frame, pd.DataFrame) or not isinstance(frame.index, pd.DatetimeIndex):
        index = f" with {type(frame.index).__name__}" if isinstance(frame, pd.DataFrame) else ""
        raise CallerError(f"{wanted}, got {type(frame).__name__}{index}")
    if not (frame.index.is_unique and frame.columns.is_unique):
        raise CallerError(f"{wanted}, and every date and column once")
    try:
        numbers = frame.astype("float64")
    except (TypeError, ValueError) as error:
        raise CallerError(f"{wanted}: {error}") from error
    return numbers.rename(columns=str).sort_index()


def _repeated(signal: Signal, data: Data, tolerance: float) -> pd.DataFrame:
    whole, again = checked(signal(_copied(data))), checked(signal(_copied(data)))
    if whole.empty:
        raise CallerError("the signal has no value on any date of these data")
    if any(differences(whole, again, tolerance=tolerance)):
        raise CallerError(
            "the signal gives other values for the same data: fix its random seed, then audit it"
        )
    return whole


def _worlds(data: Data, cut: date, seed: int) -> Iterator[tuple[LeakKind, Data]]:
    yield "truncation", forgotten(data, cut)
    yield "perturbation", perturbed(data, cut, seed=seed)
    if isinstance(data, MarketPanels) and has_releases(data):
        yield "vintage", revised(data, cut, seed=seed)


def _copied(data: Data) -> Data:
    return data if isinstance(data, MarketPanels) else data.copy()


def _leak(kind: LeakKind, cut: date, change: Difference) -> Leak:
    return Leak(
        kind=kind,
        column=change.column,
        first=change.first,
        cut=cut,
        cells_count=change.cells_count,
        size=change.size,
        before=change.before,
        after=change.after,
    )


def _note(found: dict[tuple[LeakKind, str], Leak], leak: Leak) -> None:
    """Keep the first cut's leak of a kind and column, with the largest size and how many cuts."""
    key = (leak.kind, leak.column)
    earlier = found.get(key)
    if earlier is None:
        found[key] = leak
        return
    sizes = [size for size in (earlier.size, leak.size) if size is not None]
    found[key] = earlier.model_copy(
        update={
            "cuts_count": earlier.cuts_count + 1,
            "size": float(np.max(sizes)) if sizes else None,
        }
    )
