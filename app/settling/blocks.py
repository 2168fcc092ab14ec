"""Lays a settlement out: what the reports earned, how their statements came out, what a model did.

It works out no figure.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Final

from app.render.tear.front import bottom_line, caveats
from app.render.tear.words import TearWords
from app.render.view import Block, Cell, Column, Item, Table
from core.records.backtest import Against, BacktestResult, Performance
from core.records.request import Language
from core.records.sectors import ChanceBin
from core.records.settlement import ChainSettled, HorizonSettled, ModelJudged, Settlement
from core.records.universe import Universe
from core.wording import entity_name

PLAYED: Final = (
    "strategy", "cagr", "volatility", "sharpe", "fall", "turnover", "cost", "excess", "t", "won",
)  # fmt: skip
SETTLED: Final = (
    "horizon", "settled", "score_ic", "forecast_ic", "momentum_ic", "hit", "call_excess",
    "covered", "brier",
)  # fmt: skip
BINS: Final = ("said", "came", "forecasts")
NONE: Final = Cell("\N{EN DASH}", tone="missing")


def settlement_blocks(
    settlement: Settlement, universes: Mapping[str, Universe], language: Language
) -> tuple[Block, ...]:
    """Return a block a chain, and one more of each that asked a model.

    Args:
        settlement: what became of the reports.
        universes: theirs, by id.
        language: of the words; numbers are written as it writes them.
    """
    return tuple(
        block
        for chain in settlement.chains
        for block in _Told(chain, universes[chain.universe], language).blocks()
    )


@lru_cache(maxsize=4)
def _sentences(language: Language) -> Mapping[str, str]:
    text = files("app.settling").joinpath(f"words.{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


class _Told:
    """One chain in one language."""

    def __init__(self, chain: ChainSettled, universe: Universe, language: Language) -> None:
        self._chain, self._language = chain, language
        self._words = TearWords(language, {})
        self._name = entity_name(universe.id, language, universe)

    def blocks(self) -> tuple[Block, ...]:
        earned = Block(
            "settlement",
            self._title(),
            lines=tuple(Cell(line) for line in self._lines()),
            tables=tuple(self._tables()),
            notes=tuple(self._notes()),
        )
        return (earned,) if self._chain.model is None else (earned, self._model(self._chain.model))

    def _say(self, key: str, **slots: str) -> str:
        return _sentences(self._language)[key].format(**slots)

    def _title(self) -> str:
        chain = self._chain
        span = self._say(f"span_{chain.horizon}")
        if chain.mandate == "default":
            return self._say("title", universe=self._name, span=span)
        return self._say("title_limits", universe=self._name, span=span, limits=chain.mandate)

    def _lines(self) -> list[str]:
        chain, words = self._chain, self._words
        said = [
            self._say(
                "held",
                count=words.number(chain.reports_count, 0),
                first=words.day(chain.first),
                last=words.day(chain.last),
            )
        ]
        for key, count in (("missing", chain.missing_count), ("undecided", chain.undecided_count)):
            if count:
                said.append(self._say(key, count=words.number(count, 0)))
        if chain.backtest is None:
            return [*said, self._say("few_bars")]
        said += [line.plain for line in bottom_line(chain.backtest, words).lines]
        if chain.active is not None:
            said.append(self._say("active", excess=self._excess(chain.active)))
        return [*said, self._chance(chain.backtest)]

    def _excess(self, row: Against) -> str:
        excess = self._words.percent(row.excess, signed=True)
        if row.ratio_t is None:
            return self._say("excess_alone", excess=excess)
        t = self._words.number(row.ratio_t, 1, signed=True)
        return self._say("excess_t", excess=excess, t=t)

    def _chance(self, result: BacktestResult) -> str:
        luck = result.chance
        psr, dsr = (
            NONE.text if value is None else self._words.chance(value)
            for value in (luck.psr, luck.dsr)
        )
        trials = self._words.number(luck.trials_count, 0)
        return self._say("chance", psr=psr, dsr=dsr, trials=trials)

    def _notes(self) -> list[str]:
        told = self._chain.backtest
        return [
            self._say("horizons_note"),
            *(() if told is None else caveats(told, self._words)),
        ]

    def _tables(self) -> list[Table]:
        tables = [] if self._chain.backtest is None else [self._played(self._chain.backtest)]
        tables.append(self._table("settled", SETTLED, map(self._horizon, self._chain.horizons)))
        own = next((h for h in self._chain.horizons if h.horizon == self._chain.horizon), None)
        if own is not None and own.bins:
            note = self._say("bins_note", span=self._say(f"span_{own.horizon}"))
            tables.append(self._table("chances", BINS, map(self._bin, own.bins), notes=(note,)))
        return tables

    def _table(
        self,
        name: str,
        columns: Sequence[str],
        rows: Iterable[tuple[Cell, ...]],
        notes: tuple[str, ...] = (),
    ) -> Table:
        first, *others = columns
        heads = (Column(self._say(first), "left"), *(Column(self._say(key)) for key in others))
        return Table(name, heads, tuple(rows), notes=notes)

    def _played(self, result: BacktestResult) -> Table:
        beside = {row.reference: row for row in result.against}
        rows: list[tuple[str, Performance, Against | None]] = [
            (self._say("reports"), result.performance, None)
        ]
        if self._chain.benchmark is not None:
            rows.append((self._say("benchmark_weights"), self._chain.benchmark, self._chain.active))
        rows += [
            (self._words.strategy(row.strategy), row, beside.get(row.strategy))
            for row in result.baselines
        ]
        return self._table("played", PLAYED, (self._row(*row) for row in rows))

    def _row(self, name: str, row: Performance, beside: Against | None) -> tuple[Cell, ...]:
        return (
            Cell(name),
            self._points(row.cagr),
            self._points(row.volatility),
            self._number(row.sharpe),
            self._points(row.max_drawdown),
            self._points(row.turnover),
            self._points(row.cost),
            self._points(None if beside is None else beside.excess, signed=True),
            self._number(None if beside is None else beside.ratio_t, signed=True),
            self._points(None if beside is None else beside.years_won_fraction),
        )

    def _horizon(self, row: HorizonSettled) -> tuple[Cell, ...]:
        words = self._words
        part, whole = (words.number(n, 0) for n in (row.settled_count, row.reports_count))
        return (
            Cell(self._say(f"span_{row.horizon}")),
            Cell(self._say("of", part=part, whole=whole)),
            self._with_t(row.score_ic_index, row.score_ic_t_index, 3, row.score_ic_dates_count),
            self._with_t(
                row.forecast_ic_index, row.forecast_ic_t_index, 3, row.forecast_ic_dates_count
            ),
            self._number(row.momentum_ic_index, 3, signed=True),
            self._hits(row),
            self._with_t(row.excess_mean_pct, row.excess_t_index, 2),
            self._points(row.covered_fraction),
            self._number(row.brier_index, 4),
        )

    def _hits(self, row: HorizonSettled) -> Cell:
        ends = (row.hit_low_fraction, row.hit_high_fraction)
        if row.hit_fraction is None or ends[0] is None or ends[1] is None:
            return NONE
        low, high = (self._words.points(end, 0) for end in ends if end is not None)
        return Cell(f"{self._words.points(row.hit_fraction)} ({low}\N{EN DASH}{high})")

    def _bin(self, row: ChanceBin) -> tuple[Cell, ...]:
        return (
            self._points(row.said_fraction),
            self._points(row.came_fraction),
            self._number(row.forecasts_count, 0),
        )

    def _with_t(
        self, value: float | None, t: float | None, decimals: int, dates: int | None = None
    ) -> Cell:
        """Return a mean with, in brackets, its t and of how many dates it is."""
        if value is None:
            return NONE
        said = self._words.number(value, decimals, signed=True)
        more = [] if t is None else [self._words.number(t, 1, signed=True)]
        more += [] if dates is None else [self._words.number(dates, 0)]
        return Cell(f"{said} ({'; '.join(more)})" if more else said)

    def _points(self, value: float | None, *, signed: bool = False) -> Cell:
        return NONE if value is None else Cell(self._words.points(value, signed=signed))

    def _number(self, value: float | None, decimals: int = 2, *, signed: bool = False) -> Cell:
        return NONE if value is None else Cell(self._words.number(value, decimals, signed=signed))

    def _model(self, told: ModelJudged) -> Block:
        words, span = self._words, self._say(f"span_{self._chain.horizon}")
        own, may = (words.number(n, 0) for n in (told.model_sentences_count, told.sentences_count))
        read, written = (
            words.number(n, 0) for n in (told.tokens_read_count, told.tokens_written_count)
        )
        part, whole = (words.number(n, 0) for n in (told.plans_count, told.reports_count))
        cells = {
            "model": Cell(told.model),
            "plans": Cell(self._say("of", part=part, whole=whole)),
            "precision": self._points(told.plan_precision_fraction),
            "recall": self._points(told.plan_recall_fraction),
            "sentences": Cell(self._say("of", part=own, whole=may)),
            "sections": self._points(told.sections_fraction),
            "repairs": Cell(self._repairs(told)),
            "asked": self._number(told.asked_count, 0),
            "tokens": Cell(f"{read}, {written}"),
            "usd": self._number(told.usd, 4),
            "seconds": self._number(told.seconds, 1),
        }
        items = tuple(Item(self._say(key), cell) for key, cell in cells.items())
        title = self._say("model_title", universe=self._name, span=span)
        return Block("settlement_model", title, items=items)

    def _repairs(self, told: ModelJudged) -> str:
        said = [
            f"{self._words.number(row.count, 0)} {self._say(f'repair_{row.kind}')}"
            for row in told.repairs
        ]
        return ", ".join(said) or self._say("none")
