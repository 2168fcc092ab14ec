"""Decides what became of a batch of reports of past dates; it decides none of them again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.services import ModelPrice
from app.backtesting.data import Ground, universe_ground
from app.compose import Composition
from app.settings import Settings
from app.settling.judging import judged, spent_by_report
from app.settling.playing import Portfolio, portfolio
from app.settling.told import REPORT, Made, Told, told
from core.history.realised import Realised
from core.history.settling import horizon_settled
from core.panel import MarketPanels
from core.records.settlement import ChainSettled, HorizonSettled, Settlement
from core.records.universe import Horizon

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Chain:
    """Jobs of one universe, horizon and mandate."""

    universe: str
    horizon: Horizon
    mandate: str | None

    @property
    def name(self) -> str:
        """What its trial is called beside its weights."""
        limits = "" if self.mandate is None else f".{_plain(Path(self.mandate).stem)}"
        return f"reports.{self.horizon.lower()}{limits}"


def settled(
    folder: Path, jobs: Sequence[Made], composition: Composition, *, tell: Tell
) -> Settlement | None:
    """Return how the reports of a batch turned out, by universe, horizon and mandate.

    Each chain's weights are held from the session after a report to the one after the next, at the
    market's own costs, beside the baselines of `sectorwise backtest`; its statements are held to
    the closes the store has by now. Reports that differ in language alone count once.

    Args:
        folder: holds one folder a job, by name; jobs without one are counted as missing.
        jobs: of the batch, all of past dates.
        composition: of the home whose data settle them; its registry keeps a trial a chain.
        tell: hears what is under way.

    Returns:
        None where no report of the batch gives weights.

    Raises:
        DataError: a report, the store, the registry or the ledger is damaged.
    """
    chains: dict[_Chain, list[Made]] = {}
    for job in jobs:
        key = _Chain(job.request.universes[0], job.request.horizon, job.mandate)
        chains.setdefault(key, []).append(job)
    grounds = _Grounds(composition.settings)
    done = [_settled(folder, key, chains[key], composition, grounds, tell) for key in chains]
    found = tuple(chain for chain in done if chain is not None)
    return Settlement(chains=found) if found else None


class _Grounds:
    """What universes are played on, each read once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read: dict[str, tuple[Ground, MarketPanels]] = {}

    def of(self, universe: str) -> tuple[Ground, MarketPanels]:
        if universe not in self._read:
            ground = universe_ground(self._settings, universe)
            if ground.panels is None:
                raise ValueError(f"{universe}: a universe's ground has panels")
            self._read[universe] = (ground, ground.panels)
        return self._read[universe]


def _settled(
    folder: Path,
    key: _Chain,
    jobs: Sequence[Made],
    composition: Composition,
    grounds: _Grounds,
    tell: Tell,
) -> ChainSettled | None:
    there = [job for job in jobs if (folder / job.name / REPORT).is_file()]
    tell(f"settling {key.universe}: reading {len(there)} reports")
    reports = [told(folder / job.name, composition.universes) for job in there]
    chain = _by_date(row for row in reports if row is not None)
    if not chain:
        return None
    ground, panels = grounds.of(key.universe)
    played = portfolio(
        chain, key.name, ground, composition.settings, now=composition.clock(), tell=tell
    )
    found = ChainSettled(
        universe=key.universe,
        horizon=key.horizon,
        mandate=_mandate(key, chain[0]),
        first=chain[0].day,
        last=chain[-1].day,
        reports_count=len(chain),
        missing_count=len(jobs) - len(there),
        undecided_count=sum(row is None for row in reports),
        settled_until=panels.last,
        horizons=_horizons(chain, panels),
        model=judged(chain, spent_by_report(composition, chain), price=_price(composition)),
    )
    return found.model_copy(update=_played(played))


def _played(played: Portfolio | None) -> dict[str, object]:
    if played is None:
        return {"unplayed": "few_bars"}
    return {
        "backtest": played.backtest,
        "benchmark": played.benchmark,
        "active": played.active,
    }


def _horizons(chain: Sequence[Told], panels: MarketPanels) -> tuple[HorizonSettled, ...]:
    known = Realised.known(panels.sectors.closes, panels.universe, as_of=panels.last)
    said = [row.said for row in chain]
    return tuple(horizon_settled(said, known, name) for name in panels.universe.horizons)


def _mandate(key: _Chain, first: Told) -> str:
    return first.said.made.mandate if key.mandate is None else Path(key.mandate).stem


def _by_date(reports: Iterable[Told]) -> list[Told]:
    """Return the reports by date, of each the first."""
    found: dict[object, Told] = {}
    for row in reports:
        found.setdefault(row.day, row)
    return sorted(found.values(), key=lambda row: row.day)


def _price(composition: Composition) -> ModelPrice | None:
    settings = composition.settings
    read, written = settings.model_price_in, settings.model_price_out
    return None if read is None or written is None else ModelPrice(read, written)


def _plain(text: str) -> str:
    """Return a file's name as part of a trial's."""
    return "".join(char if char.isalnum() else "_" for char in text.lower() if char.isascii())
