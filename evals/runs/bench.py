"""Decides what a case's questions are asked with: the product's services on a tape, or on a home.

Nothing of the product is replaced but what answers its calls; no file is written.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version

from agents.checkpoints import require_strict_msgpack
from agents.llm.protocol import LanguageModel
from agents.services import RunLimits, Services
from agents.toolbox.calls import RecordedCall
from agents.toolbox.offers import ConfiguredOffers
from agents.toolbox.redaction import Redactor
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import ServerSpec
from agents.toolbox.toolbox import Toolbox
from app.compose import OWN_SERVER, Composition
from app.data import tool_context
from app.secrecy import redactor
from app.settings import Settings
from core.errors import CallerError
from core.records.desk import Desk
from core.records.holdings import Holdings
from core.records.universe import Horizon, Universe
from evals.records import Case
from evals.tapes.ledger import Misses, TapeLedger
from evals.tapes.tape import Tape
from tools.server import build_server

SPEC = ServerSpec(name=OWN_SERVER, transport="memory")
"""Who answered every call of a tape."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What cases are run on; its tapes grow where misses are made."""

    universes: dict[str, Universe]
    tapes: tuple[Tape, ...]
    model: LanguageModel | None
    misses: Misses
    sessions: Sessions
    calls: Mapping[str, dict[str, RecordedCall]]
    redactor: Redactor | None = None

    @classmethod
    @asynccontextmanager
    async def replaying(
        cls,
        tapes: Iterable[Tape],
        *,
        universes: Mapping[str, Universe],
        model: LanguageModel | None = None,
        misses: Misses | None = None,
    ) -> AsyncIterator["Bench"]:
        """Yield a bench that calls no tool.

        Args:
            tapes: each for its universes; of two for one the first counts.
            universes: those there are.
            model: plans and reports; None: rules and templates do.
            misses: what becomes of a call that is not on the tape; None: it raises, with a model
                it is a gap, as nobody can record what a model may ask.

        Raises:
            DataError: the process was not hardened before the graph was imported.
        """
        chosen = misses or ("raise" if model is None else "gap")
        require_strict_msgpack()
        async with Sessions(()) as sessions:
            yield cls._on(tuple(tapes), universes, model=model, misses=chosen, sessions=sessions)

    @classmethod
    @asynccontextmanager
    async def recording(
        cls, tape: Tape, settings: Settings, *, universes: Mapping[str, Universe]
    ) -> AsyncIterator["Bench"]:
        """Yield a bench on the tools of a home; what a case asks is added to the tape's calls.

        Nothing is answered from what was known after the tape's day.
        """
        require_strict_msgpack()
        context = tool_context(settings, dict(universes), latest=tape.asked_on)
        embedded = {OWN_SERVER: build_server(context)}
        async with Sessions((SPEC,), embedded=embedded) as sessions:
            bench = cls._on((tape,), universes, model=None, misses="make", sessions=sessions)
            yield replace(bench, redactor=redactor(settings))

    @classmethod
    def _on(
        cls,
        tapes: tuple[Tape, ...],
        universes: Mapping[str, Universe],
        *,
        model: LanguageModel | None,
        misses: Misses,
        sessions: Sessions,
    ) -> "Bench":
        calls = {tape.name: tape.by_hash() for tape in tapes}
        return cls(dict(universes), tapes, model, misses, sessions, calls)

    def tape(self, case: Case) -> Tape:
        """Return the tape of a case.

        Raises:
            CallerError: there is none of its universe.
        """
        for tape in self.tapes:
            if case.universe in tape.of:
                return tape
        raise CallerError(f"no tape of {case.universe}, which case {case.id} is about")

    def ledger(self, case: Case) -> TapeLedger:
        """Return what answers one turn's calls."""
        tape = self.tape(case)
        return TapeLedger(
            tape.name,
            self.calls[tape.name],
            asked_on=tape.asked_on,
            misses=self.misses,
            faults=case.faults,
            redactor=self.redactor,
        )

    def services(self, case: Case, ledger: TapeLedger) -> Services:
        """Return what a turn is run with: the packaged desk, holding what the case says."""
        today = self.tape(case).asked_on

        def desk(universe: Universe, as_of: date, horizon: Horizon) -> Desk:
            del horizon
            return Desk(holdings=_held(case.holdings, universe, as_of))

        return Services(
            universes=self.universes,
            toolbox=Toolbox(
                self.sessions,
                ledger,
                universes=self.universes,
                today=lambda: today,
                offers=ConfiguredOffers((SPEC,)),
            ),
            today=lambda: today,
            desk=desk,
            model=self.model,
            version=version("sectorwise"),
            limits=RunLimits(),
        )

    def composition(self, case: Case) -> Composition:
        """Return what the product's doors take beside the services; the clock stands still."""
        at = datetime.combine(self.tape(case).asked_on, datetime.min.time(), UTC)
        return Composition(Settings.model_construct(), self.universes, clock=lambda: at)


def _held(holdings: Holdings | None, universe: Universe, as_of: date) -> Holdings | None:
    """Return what was held at a date, as the stored holdings tell it."""
    if holdings is None or holdings.universe != universe.id:
        return None
    known = holdings.dated is None or holdings.dated <= as_of
    return holdings if known else None
