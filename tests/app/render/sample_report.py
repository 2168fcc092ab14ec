"""A realistic report made by hand: an answer of every tool, gaps, tails, sentences, two languages.

Numbers are drawn from a fixed sequence; none is a market's.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from core.facts import decision_facts, evidence_facts
from core.markets.universe import parse_universe
from core.records.decision import (
    Allocation,
    AllocationLine,
    Contribution,
    LimitEvent,
    Scorecard,
    SectorScore,
    Stance,
)
from core.records.evidence import Evidence, Fact, Gap
from core.records.payloads import (
    FlowResult,
    FlowRow,
    FundamentalRow,
    FundamentalsResult,
    MacroResult,
    MacroRow,
    MarketResult,
    MarketRow,
    MomentumResult,
    MomentumRow,
    NameFlow,
    OverviewResult,
    RegimeRow,
    StatementRow,
    StatementsResult,
    StatusResult,
    StatusRow,
    StockRow,
    WhaleResult,
    WhaleRow,
)
from core.records.plan import NODE_OF_TOOL, Plan, PlanStep, ToolArguments, ToolName
from core.records.report import PromptUse, Provenance, Report, Section, Sentence, Span
from core.records.request import Inference, Intent, Language, Request
from core.records.result import Family, MissingCell, NamedGap, Source, ToolResult
from core.records.sectors import (
    Expectation,
    HeatmapResult,
    HeatmapRow,
    Quadrant,
    Rotation,
    Skill,
    TailPoint,
)
from core.records.universe import Frequency, Horizon, Universe
from core.wording import entity_name, measure_name, phrase

AS_OF = date(2024, 12, 27)
UNIVERSES = Path(__file__).parents[3] / "core" / "universes"
SHA = hashlib.sha256(b"sample").hexdigest()
HORIZON_DAYS: dict[Horizon, int] = {"1W": 7, "1M": 31, "3M": 91}
FACTORS: tuple[tuple[str, Family], ...] = (
    ("rs_ratio_weekly", "relative_strength"),
    ("rs_momentum_weekly", "relative_strength"),
    ("momentum_12_1", "momentum"),
    ("excess_1m", "momentum"),
    ("volatility_60d", "volatility"),
    ("volume_anomaly", "volume"),
    ("breadth_200d", "breadth"),
    ("foreign_intensity_20d", "foreign_flow"),
    ("whale_volume_20d", "whales"),
    ("net_profit_growth", "fundamentals"),
    ("pe_percentile_5y", "valuation"),
    ("macro_tilt", "macro"),
    ("members_ridge_1m", "views"),
    ("sectors_momentum_1m", "views"),
)


def universe(name: str) -> Universe:
    """Return a packaged universe."""
    return parse_universe((UNIVERSES / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def sample_report(
    *names: str,
    language: Language = "en",
    intent: Intent = "report",
    text: str = "Which sectors are rotating into leadership?",
    synthetic: bool = False,
) -> Report:
    """Return a report about these universes."""
    worlds = [universe(name) for name in names or ("us",)]
    parts = [_Part(world, language, synthetic or world.synthetic) for world in worlds]
    return Report(
        request=Request(
            text=text,
            language=language,
            intent=intent,
            universes=tuple(world.id for world in worlds),
            inferred=(
                Inference(field="horizon", value="1M", why="default"),
                Inference(field="as_of", value=AS_OF.isoformat(), why="from_data"),
            ),
        ),
        as_of=tuple(AS_OF for _ in worlds),
        plan=Plan(author="rules", steps=tuple(step for part in parts for step in part.steps())),
        evidence=tuple(evidence for part in parts for evidence in part.evidence),
        gaps=tuple(gap for part in parts for gap in part.gaps()),
        scorecards=tuple(part.card for part in parts),
        allocations=tuple(part.allocation for part in parts),
        facts=tuple(fact for part in parts for fact in part.facts),
        sentences=tuple(s for part in parts for s in part.sentences(answers=intent != "report")),
        synthetic=any(part.synthetic for part in parts),
        provenance=Provenance(
            sectorwise="0.1.0",
            universe_hashes=tuple(world.content_hash() for world in worlds),
            prompts=(PromptUse(name="reporter", version=1, sha256=SHA),),
            planner="rules",
            reporter="template",
        ),
    )


class _Part:
    """One universe's share, made in a fixed order."""

    def __init__(self, world: Universe, language: Language, synthetic: bool) -> None:
        self.world, self.language, self.synthetic = world, language, synthetic
        self.random = Random(f"{world.id}-sample")  # noqa: S311 - a fixed sequence, not a secret
        self.ids = [sector.id for sector in world.sectors]
        self.evidence: list[Evidence] = list(self._all_evidence())
        self.card = self._card()
        self.allocation = self._allocation()
        self.facts: list[Fact] = [fact for item in self.evidence for fact in evidence_facts(item)]
        self.facts += decision_facts(self.card, self.allocation)

    def number(self, spread: float, middle: float = 0.0) -> float:
        return round(self.random.gauss(middle, spread), 4)

    def _envelope(self, tool: ToolName) -> dict[str, object]:
        origin = f"{self.world.id} prices.parquet"
        return {
            "tool": tool,
            "universe": self.world.id,
            "universe_hash": self.world.content_hash(),
            "as_of": AS_OF,
            "known_at": AS_OF,
            "currency": self.world.currency,
            "synthetic": self.synthetic,
            "sources": (
                Source(
                    dataset="prices",
                    origin=origin,
                    sha256=SHA,
                    first=date(1999, 1, 4),
                    last=AS_OF,
                    rows_count=84_112,
                ),
            ),
        }

    def _all_evidence(self) -> Iterator[Evidence]:
        results: list[tuple[ToolName, ToolResult]] = [
            ("get_sector_heatmap", self._heatmap()),
            ("get_macro_indicators", self._macro()),
            ("get_market_overview", self._market()),
            ("get_foreign_flow_by_sector", self._flow()),
            ("get_whale_activity", self._whales()),
            ("get_sector_fundamentals", self._fundamentals()),
            ("get_financial_statements", self._statements()),
            ("get_sector_overview", self._stocks()),
            ("get_technical_momentum", self._momentum()),
            ("get_data_status", self._status()),
        ]
        for position, (tool, result) in enumerate(results, start=1):
            name = f"{self.world.id}-{position:02d}-{tool.removeprefix('get_')}"
            yield Evidence(
                id=name,
                node=NODE_OF_TOOL[tool],
                tool=tool,
                server="sectorwise",
                arguments=ToolArguments(region=self.world.id, as_of=AS_OF),
                sha256=hashlib.sha256(result.canonical_json().encode()).hexdigest(),
                result=result,
            )

    def _rotation(self, frequency: Frequency, step: int, *, provisional: bool) -> Rotation:
        x, y = 100 + self.number(2.0), 100 + self.number(1.3)
        path = []
        for back in range(9):
            period = AS_OF - timedelta(days=step * (8 - back))
            path.append(TailPoint(period=period, rs_ratio_index=x, rs_momentum_index=y))
            x, y = x + (y - 100) * 0.22 + self.number(0.1), y - (x - 100) * 0.18 + self.number(0.1)
        head = path[-1]
        right, up = head.rs_ratio_index >= 100, head.rs_momentum_index >= 100
        names: dict[tuple[bool, bool], Quadrant] = {
            (True, True): "LEADING",
            (True, False): "WEAKENING",
            (False, False): "LAGGING",
            (False, True): "IMPROVING",
        }
        warned = abs(head.rs_momentum_index - 100) < 0.25
        return Rotation(
            frequency=frequency,
            period=head.period,
            provisional=provisional,
            rs_ratio_index=head.rs_ratio_index,
            rs_momentum_index=head.rs_momentum_index,
            quadrant=names[right, up],
            heading_deg=round(self.random.uniform(0, 359), 1),
            velocity_index=abs(self.number(0.5)),
            dwell_count=self.random.randint(1, 14),
            early_warning="momentum_crossing_up" if warned else None,
            tail=tuple(path),
        )

    def _heatmap(self) -> HeatmapResult:
        rows = [self._heatmap_row(place, name) for place, name in enumerate(self.ids)]
        skill = (
            Skill(
                horizon="1W",
                ic_mean_index=0.012,
                ic_t_index=0.8,
                hit_fraction=0.507,
                dates_count=620,
                momentum_ic_mean_index=0.015,
            ),
            Skill(
                horizon="1M",
                ic_mean_index=0.051,
                ic_t_index=2.6,
                hit_fraction=0.541,
                dates_count=380,
                momentum_ic_mean_index=0.012,
            ),
            Skill(
                horizon="3M",
                ic_mean_index=0.083,
                ic_t_index=3.9,
                hit_fraction=0.566,
                dates_count=124,
                momentum_ic_mean_index=0.031,
            ),
        )
        missing = (
            MissingCell(subject=self.ids[-1], measure="excess_12m_pct", reason="too_short"),
            MissingCell(subject=self.ids[-2], measure="expected_3m", reason="model_not_fitted"),
        )
        return HeatmapResult(
            **self._envelope("get_sector_heatmap"),
            benchmark=self.world.benchmark.id,
            treatment=self.world.benchmark.treatment,
            rows=tuple(rows),
            skill=skill,
            missing=missing,
        )

    def _heatmap_row(self, place: int, name: str) -> HeatmapRow:
        last = place == len(self.ids) - 1
        horizons: Iterable[Horizon] = ("1W", "1M", "3M")
        if place == len(self.ids) - 2:
            horizons = ("1W", "1M")
        return HeatmapRow(
            sector=name,
            ticker=self.world.sectors[place].ticker,
            weekly=self._rotation("weekly", 7, provisional=place % 4 == 1),
            daily=self._rotation("daily", 1, provisional=False),
            excess_1w_pct=self.number(1.0),
            excess_1m_pct=self.number(2.5),
            excess_3m_pct=self.number(5.0),
            excess_12m_pct=None if last else self.number(11.0),
            return_3m_pct=self.number(5.0, 3.0),
            distance_200d_pct=self.number(6.0, 2.0),
            expected=tuple(self._expectation(horizon) for horizon in horizons),
            members_count=self.random.randint(1, 60),
            flags=("single_stock",) if place == 2 else (),
        )

    def _expectation(self, horizon: Horizon) -> Expectation:
        spread = {"1W": 0.4, "1M": 1.1, "3M": 2.4}[horizon]
        middle = self.number(spread)
        wide = spread * 3.2
        return Expectation(
            horizon=horizon,
            settles=AS_OF + timedelta(days=HORIZON_DAYS[horizon]),
            excess_pct=middle,
            low_pct=round(middle - wide, 4),
            high_pct=round(middle + wide, 4),
            outperform_fraction=round(min(0.95, max(0.05, 0.5 + 0.14 * middle / spread)), 4),
        )

    def _macro(self) -> MacroResult:
        series = (
            ("tcu", "economic_growth", "index"),
            ("cpi_mom", "inflation", "%"),
            ("unrate", "employment", "%"),
            ("dgs10", "rates", "%"),
            ("retailsmnsa", "credit", "%"),
            ("umcsent", "consumer_sentiment", "index"),
        )
        rows = tuple(
            MacroRow.model_validate(
                {
                    "series": name,
                    "category": category,
                    "period": date(2024, 11, 30),
                    "released": date(2024, 12, 6 + place),
                    "assumed_release": place == 4,
                    "value_level": self.number(2, 5),
                    "unit": unit,
                    "previous_level": self.number(2, 5),
                    "change_level": self.number(0.4),
                    "history_z": self.number(1.0),
                    "flags": ("assumed_known_at",) if place == 4 else (),
                }
            )
            for place, (name, category, unit) in enumerate(series)
        )
        regime = RegimeRow(
            regime="slowdown",
            since=date(2024, 8, 31),
            growth_z=-0.41,
            inflation_z=0.36,
            sentiment_z=0.12,
        )
        return MacroResult(**self._envelope("get_macro_indicators"), rows=rows, regime=(regime,))

    def _market(self) -> MarketResult:
        row = MarketRow(
            benchmark=self.world.benchmark.id,
            return_1w_pct=0.7,
            return_1m_pct=-1.1,
            return_3m_pct=4.2,
            return_12m_pct=26.5,
            volatility_pct=13.2,
            drawdown_pct=-2.1,
            breadth_200d_pct=58.4,
            traded_20d_bn=self.number(5, 318.4),
            foreign_net_20d_bn=-12.4 if self.world.foreign_flow else None,
        )
        missing: tuple[MissingCell, ...] = ()
        if not self.world.foreign_flow:
            missing = (
                MissingCell(
                    subject=self.world.id, measure="foreign_net_20d_bn", reason="not_published"
                ),
            )
        return MarketResult(**self._envelope("get_market_overview"), rows=(row,), missing=missing)

    def _flow(self) -> FlowResult:
        if not self.world.foreign_flow:
            gap = NamedGap(reason="not_published", actor="nobody", dataset="flows")
            return FlowResult(**self._envelope("get_foreign_flow_by_sector"), gap=gap)
        rows = []
        for place, name in enumerate(self.ids[:-1]):
            net = self.number(300)
            rows.append(
                FlowRow(
                    sector=name,
                    sessions=20,
                    net_bn=net,
                    buy_bn=900.0,
                    sell_bn=round(900 - net, 4),
                    traded_bn=5200.5,
                    intensity_pct=round(net / 52.005, 4),
                    proprietary_net_bn=self.number(40),
                    streak_sessions=self.random.randint(-9, 9),
                    room_full_pct=62.0 if place == 2 else 0.0,
                    block_sessions=place % 3,
                    state="not_measurable" if place == 2 else "buying" if net > 0 else "selling",
                    top_buys=(
                        NameFlow(symbol="AAA", net_bn=41.2),
                        NameFlow(symbol="BBB", net_bn=12.9),
                    ),
                    top_sells=(NameFlow(symbol="CCC", net_bn=-33.4),),
                    flags=("room_full",) if place == 2 else (),
                )
            )
        missing = (MissingCell(subject=self.ids[-1], measure="net_bn", reason="not_covered"),)
        return FlowResult(
            **self._envelope("get_foreign_flow_by_sector"), rows=tuple(rows), missing=missing
        )

    def _whales(self) -> WhaleResult:
        rows = tuple(
            WhaleRow(
                sector=name,
                kind="volume_spike",
                sessions=5,
                period=AS_OF,
                released=AS_OF,
                events_count=place + 1,
                watched_count=40,
                signed_pct=self.number(20),
                value_bn=None,
                top=("AAA", "BBB"),
            )
            for place, name in enumerate(self.ids[:4])
        )
        return WhaleResult(**self._envelope("get_whale_activity"), rows=rows)

    def _fundamentals(self) -> FundamentalsResult:
        rows = tuple(
            FundamentalRow(
                sector=name,
                companies_count=20 + place,
                members_count=31 + place,
                period=date(2024, 9, 30),
                age_days=88,
                revenue_growth_pct=self.number(8, 6),
                net_profit_growth_pct=self.number(15, 8),
                net_profit_margin_pct=self.number(4, 11),
                roe_pct=self.number(4, 14),
                pe_x=None if place == 3 else self.number(5, 18),
                valuation_percentile_pct=round(self.random.uniform(1, 99), 1),
            )
            for place, name in enumerate(self.ids)
        )
        missing = (MissingCell(subject=self.ids[3], measure="pe_x", reason="not_measurable"),)
        return FundamentalsResult(
            **self._envelope("get_sector_fundamentals"), rows=rows, missing=missing
        )

    def _statements(self) -> StatementsResult:
        rows = tuple(
            StatementRow(
                symbol="AAA",
                sector=self.ids[0],
                period=date(2024, 9, 30),
                released=date(2024, 10, 30),
                line=line,
                value_bn=value,
                growth_1y_pct=growth,
            )
            for line, value, growth in (("revenue", 84.25, 6.1), ("net_profit", 12.5, None))
        )
        return StatementsResult(
            **self._envelope("get_financial_statements"),
            statement_type="income_statement",
            period_kind="Q",
            rows=rows,
            missing=(MissingCell(subject="aaa", measure="growth_1y_pct", reason="too_short"),),
        )

    def _stocks(self) -> OverviewResult:
        rows = tuple(
            StockRow(
                sector=self.ids[0],
                symbol=symbol,
                weight_pct=share,
                return_1m_pct=self.number(6),
                excess_1m_pct=self.number(5),
                return_3m_pct=self.number(9),
                volume_ratio_x=abs(self.number(0.3, 1.1)),
                foreign_net_1m_bn=None,
                above_200d=symbol != "CCC",
            )
            for symbol, share in (("AAA", 38.2), ("BBB", 21.7), ("CCC", 9.4))
        )
        return OverviewResult(**self._envelope("get_sector_overview"), rows=rows)

    def _momentum(self) -> MomentumResult:
        rows = tuple(
            MomentumRow(
                sector=s.id,
                symbol=s.ticker,
                return_1w_pct=self.number(1),
                return_1m_pct=self.number(3),
                return_3m_pct=self.number(5),
                return_6m_pct=self.number(8),
                return_12m_pct=self.number(12, 10),
                momentum_12_1_pct=self.number(11, 9),
                volatility_pct=abs(self.number(4, 16)),
                volume_ratio_x=abs(self.number(0.2, 1)),
            )
            for s in self.world.sectors[:5]
        )
        return MomentumResult(**self._envelope("get_technical_momentum"), rows=rows)

    def _status(self) -> StatusResult:
        def row(dataset: str, last: date, *, stale: bool) -> StatusRow:
            return StatusRow.model_validate(
                {
                    "dataset": dataset,
                    "first": date(2010, 1, 4),
                    "last": last,
                    "rows_count": 51_204,
                    "symbols_count": 11,
                    "age_days": (AS_OF - last).days,
                    "stale": stale,
                    "assumed_known_at": False,
                    "flagged_count": 2,
                }
            )

        rows = (
            row("prices", AS_OF, stale=False),
            row("fundamentals", date(2024, 9, 30), stale=False),
            row("macro", date(2023, 9, 30), stale=True),
        )
        return StatusResult(**self._envelope("get_data_status"), rows=rows)

    def _card(self) -> Scorecard:
        weights = {name: self.number(0.2) for name, _ in FACTORS}
        scored = []
        for place, name in enumerate(self.ids):
            parts = []
            for factor, family in FACTORS:
                absent = family == "fundamentals" and place in (1, 5)
                z = None if absent else self.number(1.0)
                parts.append(
                    Contribution(
                        factor=factor,
                        family=family,
                        weight=weights[factor],
                        z=z,
                        contribution=None if z is None else round(weights[factor] * z, 9),
                        reason="no_data" if absent else None,
                    )
                )
            total = round(sum(p.contribution for p in parts if p.contribution is not None), 9)
            scored.append((name, total, tuple(parts)))
        ranked = sorted(scored, key=lambda item: -item[1])
        sectors = tuple(
            SectorScore(
                sector=name,
                score=total,
                rank=rank,
                confidence=round(0.9 - 0.05 * (rank % 5), 2),
                contributions=parts,
                missing=tuple(p.factor for p in parts if p.contribution is None),
            )
            for rank, (name, total, parts) in enumerate(ranked, start=1)
        )
        heat = self.evidence[0].result
        assert isinstance(heat, HeatmapResult)
        return Scorecard(
            universe=self.world.id,
            universe_hash=self.world.content_hash(),
            as_of=AS_OF,
            horizon="1M",
            weights_source="learned",
            trained_until=date(2024, 11, 29),
            skill=heat.skill[1],
            sectors=sectors,
            top3_stability=0.87,
        )

    def _allocation(self) -> Allocation:
        equal = round(1 / len(self.ids), 4)
        lines = []
        for score in self.card.sectors:
            rank = score.rank or 0
            stance: Stance = "neutral"
            target = equal
            if rank <= 3:
                stance, target = "overweight", equal + 0.03 / rank
            elif rank > len(self.ids) - 3:
                stance, target = "underweight", equal - 0.03 / (len(self.ids) + 1 - rank)
            lines.append(
                AllocationLine(
                    sector=score.sector,
                    instrument=self.world.sector(score.sector).ticker,
                    benchmark_weight=equal,
                    target_weight=round(target, 4),
                    stance=stance,
                )
            )
        return Allocation(
            universe=self.world.id,
            as_of=AS_OF,
            horizon="1M",
            mandate="default",
            benchmark_weights_source="equal_weight",
            lines=tuple(lines),
            turnover=0.055,
            cost_bps=1.1,
            tracking_error_pct=0.84,
            limits=(
                LimitEvent(
                    kind="active_cap",
                    sector=self.card.sectors[0].sector,
                    limit=0.1,
                    wanted=0.14,
                    got=0.1,
                ),
            ),
        )

    def gaps(self) -> Iterator[Gap]:
        yield Gap(
            id=f"{self.world.id}-gap-1",
            node="whale_activity",
            tool="get_whale_activity",
            universe=self.world.id,
            gap=NamedGap(reason="no_data", actor="user", dataset="positions"),
        )

    def steps(self) -> Iterator[PlanStep]:
        for evidence in self.evidence:
            yield PlanStep(
                id=evidence.id,
                tool=evidence.tool,
                universe=self.world.id,
                arguments=evidence.arguments,
                scored=True,
            )

    def sentences(self, *, answers: bool) -> Iterator[Sentence]:
        ordered = [score.sector for score in self.card.sectors]
        said: tuple[tuple[Section, str], ...] = (
            ("headline", ordered[0]),
            ("headline", ordered[-1]),
            ("recommendation", ordered[0]),
            ("rotation", ordered[1]),
            ("forecast", ordered[0]),
            ("flow", ordered[0]),
            ("macro", ordered[0]),
            ("warning", ordered[2]),
        )
        for section, name in said:
            yield self._sentence(section, name)
        for name in (*ordered[:3], *ordered[-3:]):
            yield self._sentence("for", name)
            yield self._sentence("against", name)
        if answers:
            yield self._sentence("answer", ordered[0])

    def _sentence(self, section: Section, name: str) -> Sentence:
        heat = self.evidence[0]
        measure = "excess_3m" if section == "against" else "expected_excess.1m"
        fact = next(
            fact
            for fact in self.facts
            if (fact.evidence, fact.subject, fact.measure) == (heat.id, name, measure)
        )
        spans = (
            Span(text=entity_name(name, self.language, self.world), fact=fact.id),
            Span(text=": "),
            Span(text=measure_name(measure, self.language), fact=fact.id),
            Span(text=" "),
            Span(text=phrase(fact, self.language, self.world), fact=fact.id),
            Span(text="."),
        )
        return Sentence(
            section=section, universe=self.world.id, entity=name, spans=spans, author="template"
        )
