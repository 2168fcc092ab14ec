"""The data side of the composition: store, models, demo market, fits; no agents, no graph."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

from app.costs import trading_cost
from app.settings import Settings, Views
from core.errors import DateError
from core.forecast.learners.trees import NEEDS, can_grow
from core.forecast.study import Learners
from core.forecast.views import deep_learners, packaged_learners, plain_learners
from core.forecast.walkforward import fit, recipe
from core.records.universe import Universe
from tools.context import REACH_DAYS, ToolContext
from tools.sources.demo import ensure_demo
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels
from tools.storage.store import Store

LEARNERS: Final[dict[Views, Learners]] = {
    "plain": plain_learners,
    "packaged": packaged_learners,
    "deep": deep_learners,
}


def open_store(settings: Settings) -> Store:
    """Return the store in the user's home."""
    return Store(settings.home_dir)


def tool_context(
    settings: Settings, universes: dict[str, Universe], *, latest: date | None = None
) -> ToolContext:
    """Return what the tools are given; with `latest` nothing known later is ever shown."""
    return ToolContext(
        store=open_store(settings),
        universes=universes,
        models=ModelStore(settings.home_dir),
        default_universe=settings.universe,
        latest=latest,
        recipe_of=partial(_recipe_of, settings),
    )


def _recipe_of(settings: Settings, universe: Universe) -> str:
    return recipe(LEARNERS[settings.views], cost=trading_cost(universe))


def prepare(
    settings: Settings,
    universe: Universe,
    *,
    tell: Callable[[str], None],
    as_of: date | None = None,
    refit: bool = False,
) -> bool:
    """Make the synthetic market if it is asked for, and fit a forecast the data have outgrown.

    Returns:
        Whether a forecast was fitted.

    Raises:
        EmptyStoreError: a real universe without data.
        DateError: as_of lies so far after the last session that nothing could be recommended.
    """
    store, models = open_store(settings), ModelStore(settings.home_dir)
    if universe.synthetic:
        tell(f"making the synthetic market {universe.id}")
        ensure_demo(store, universe)
    panels = market_panels(store, universe)
    if as_of is not None and (as_of - panels.last).days > REACH_DAYS:
        raise DateError(
            f"the prices of {universe.id} end on {panels.last}, {(as_of - panels.last).days} days "
            f"before {as_of}: take an --as-of up to then, or import newer prices"
        )
    state = store.fingerprint(universe.id)
    if not refit and models.is_current(universe, state, _recipe_of(settings, universe)):
        return False
    tell(f"fitting forecasts for {universe.id}" + ("" if can_grow() else f", no trees: {NEEDS}"))
    model = fit(
        panels,
        learners=LEARNERS[settings.views],
        cost=trading_cost(universe),
        tell=lambda view: tell(f"fitting forecasts for {universe.id}: {view}"),
    )
    models.save(universe.id, model, state)
    return True


def prepare_synthetic(
    settings: Settings, universe: Universe, *, tell: Callable[[str], None]
) -> None:
    """Make and fit a synthetic market nothing of which is there yet; no other is touched."""
    stored = open_store(settings).sources(universe.id)
    fitted = ModelStore(settings.home_dir).version(universe.id) is not None
    if universe.synthetic and not (stored and fitted):
        prepare(settings, universe, tell=tell)
