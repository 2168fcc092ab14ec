"""Decides what counts as one trial: a strategy beside equal weight, from its first bar to its last.

What it was worth is for `study`; an attempt is written down before anyone sees that.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.backtest.metrics import sharpe_bar
from core.backtest.play import Played, play
from core.backtest.return_panel import ReturnPanel, Terms
from core.backtest.schedule import Rows
from core.backtest.strategies import EQUAL_WEIGHT
from core.errors import DateError
from core.records.backtest import BacktestSpec, Trial

UNTOUCHED = {"smoothing": 0.0, "band": 0.0}
"""Baselines follow their signal to the letter."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A strategy and equal weight on the same bars of a panel that ends where they do.

    decisions: rows both are decided on; None: the ends of the specification's periods.
    """

    panel: ReturnPanel
    spec: BacktestSpec
    terms: Terms
    strategy: Played
    equal: Played
    decisions: Rows | None = None

    @property
    def first(self) -> int:
        """The row of the panel everything was bought in on."""
        return self.strategy.start - 1 - self.spec.lag_bars

    @property
    def excess(self) -> pd.Series:
        """The strategy less equal weight, both after costs, fractions a bar by date."""
        return self.strategy.net - self.equal.net

    def beside(self, signal: str, *, top: int | None) -> Played:
        """Return another strategy under the same calendar, costs and bars."""
        other = self.spec.model_copy(update=UNTOUCHED | {"signal": signal, "top": top})
        return self.played(other)

    def played(self, spec: BacktestSpec) -> Played:
        """Return another specification bought in and decided on the same days."""
        return play(self.panel, spec, self.terms, first=self.first, decisions=self.decisions)


def attempt(
    panel: ReturnPanel, spec: BacktestSpec, terms: Terms, *, decisions: Rows | None = None
) -> Attempt:
    """Return the specified strategy as played, with equal weight beside it.

    Args:
        panel: all bars known; those after `spec.end` are not seen.
        spec: what is played.
        terms: of the market, aligned with the panel.
        decisions: rows of the panel to decide on, ascending; None: the ends of the periods.

    Raises:
        DateError: the start is after the end, or either leaves no bars.
        CallerError: an unknown signal, or one not known early enough.
    """
    if spec.start is not None and spec.end is not None and spec.start > spec.end:
        raise DateError(f"the start {spec.start} is after the end {spec.end}: exchange them")
    begun, ended = panel.dates[0].date(), panel.dates[-1].date()
    if (spec.end is not None and spec.end < begun) or (
        spec.start is not None and spec.start > ended
    ):
        raise DateError(f"the returns go from {begun} to {ended}: ask for dates within")
    seen = panel if spec.end is None else panel.until(spec.end)
    known = terms.until(len(seen.dates))
    strategy = play(seen, spec, known, decisions=decisions)
    plain = spec.model_copy(update=UNTOUCHED | {"signal": EQUAL_WEIGHT, "top": None})
    first = strategy.start - 1 - spec.lag_bars
    equal = play(seen, plain, known, first=first, decisions=decisions)
    return Attempt(seen, spec, known, strategy, equal, decisions)


def trial_of(tried: Attempt, *, study: str, data_sha256: str) -> Trial:
    """Return the attempt as the registry keeps it; its Sharpe ratio is of the excess.

    A long-only portfolio has the market's premium whatever it picks, so what competes is what it
    earned over equal weight.
    """
    over = tried.excess
    return Trial(
        study=study,
        strategy=tried.spec.signal,
        spec_sha256=tried.spec.content_hash(),
        data_sha256=data_sha256,
        first=over.index[0].date(),
        last=over.index[-1].date(),
        bars_count=len(over),
        sharpe_bar=sharpe_bar(over.to_numpy(dtype=np.float64)),
    )
