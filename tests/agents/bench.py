"""What the agent tests share: a made market behind MCP, a ledger, a fixed clock."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from agents.llm.protocol import LanguageModel
from agents.run import Heard, Outcome, Progress, advance, run_request
from agents.services import ModelPrice, Services
from agents.toolbox.ledger import Ledger, Mode
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import CallLimits, ServerSpec
from agents.toolbox.toolbox import Toolbox
from app.awaiting import awaited
from core.records.approval import Approval, Consent
from core.records.desk import Desk
from core.records.evidence import Evidence
from core.records.mandate import Mandate
from core.records.report import Report
from core.records.request import Request
from core.records.universe import Universe
from tests.servers.market import Market, MarketServer, made_universe

TODAY = date(2026, 3, 21)
PATIENT = CallLimits(call_seconds=60, start_seconds=60)
SPEC = ServerSpec(name="own", transport="memory")


def a_request(**changes: object) -> Request:
    """Return a report request on the toy universe, with changes."""
    fields: dict[str, object] = {
        "text": "Which sectors are rotating into leadership?",
        "language": "en",
        "intent": "report",
        "universes": ("toy",),
    }
    return Request.model_validate({**fields, **changes})


def a_ledger(mode: Mode = "live", url: str = "sqlite://") -> Ledger:
    """Return a ledger with a stopped clock."""
    return Ledger(url, clock=lambda: datetime(2026, 3, 21, tzinfo=UTC), mode=mode)


@dataclass
class Bench:
    """Runs requests against one market server."""

    universes: tuple[Universe, ...] = (made_universe(),)
    broken: frozenset[str] = frozenset()
    ledger: Ledger = field(default_factory=a_ledger)
    mandate: Mandate = field(default_factory=Mandate)
    specs: tuple[ServerSpec, ...] = (SPEC,)
    limits: CallLimits = PATIENT

    def __post_init__(self) -> None:
        self.served = MarketServer(*map(Market, self.universes), broken=self.broken)
        self.heard: list[Progress] = []
        self.planned: list[Approval] = []

    def run(
        self,
        request: Request,
        *,
        model: LanguageModel | None = None,
        run_id: str = "run",
        checkpoint: Path | str | None = None,
        earlier: tuple[Evidence, ...] = (),
        progress: Callable[[Progress], None] | None = None,
    ) -> Report:
        """Return the report of a request; checkpoints are in a file or in PostgreSQL."""

        async def main() -> Report:
            async with Sessions(
                self.specs, embedded={"own": self.served.server}, limits=self.limits
            ) as sessions:
                finished = await run_request(
                    request,
                    self.services(sessions, model),
                    run_id=run_id,
                    checkpoints=str(checkpoint) if checkpoint else None,
                    previous_evidence=earlier,
                    progress=progress or self.heard.append,
                )
                return finished.report

        return awaited(main())

    def advance(
        self,
        request: Request,
        checkpoint: Path,
        *,
        consent: Consent | None = None,
        approve: bool = True,
        model: LanguageModel | None = None,
        price: ModelPrice | None = None,
        run_id: str = "run",
        earlier: tuple[Evidence, ...] = (),
    ) -> Outcome:
        """Return how far a run gets whose plan is to be agreed to."""

        async def main() -> Outcome:
            async with Sessions(
                self.specs, embedded={"own": self.served.server}, limits=self.limits
            ) as sessions:
                services = replace(self.services(sessions, model), approve=approve, price=price)
                return await advance(
                    request,
                    services,
                    run_id=run_id,
                    checkpoints=str(checkpoint),
                    previous_evidence=earlier,
                    heard=Heard(self.heard.append, self.planned.append),
                    consent=consent,
                )

        return awaited(main())

    def services(self, sessions: Sessions, model: LanguageModel | None) -> Services:
        """Return what a run needs."""
        universes = {universe.id: universe for universe in self.universes}
        toolbox = Toolbox(
            sessions,
            self.ledger,
            universes=universes,
            today=lambda: TODAY,
        )
        return Services(
            universes=universes,
            toolbox=toolbox,
            today=lambda: TODAY,
            desk=lambda universe, as_of, horizon: Desk(mandate=self.mandate),
            model=model,
            version="0.1.0",
        )


@cache
def plain_report() -> Report:
    """Return the report of the plain request, made once a process."""
    return Bench().run(a_request())
