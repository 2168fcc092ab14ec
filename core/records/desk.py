"""What the desk brings to a run: limits, holdings, what it said before, who signs."""

from pydantic import Field

from core.records.history import ReportCard, Snapshot
from core.records.holdings import Holdings
from core.records.mandate import Mandate
from core.records.record import Record


class Signatures(Record):
    """Free text, printed at the foot."""

    prepared: str = Field(default="", max_length=80)
    reviewed: str = Field(default="", max_length=80)
    approved: str = Field(default="", max_length=80)


class Desk(Record):
    """One universe's share of it, as it stood at the run's date; part of the run's inputs."""

    mandate: Mandate = Mandate()
    holdings: Holdings | None = None
    predecessor: Snapshot | None = None
    report_card: ReportCard | None = None
