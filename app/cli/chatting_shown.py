"""Prints what is told of a question: as understood, the plan, its steps, the verified answer."""

from collections.abc import Iterable
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.chat.records import (
    Base,
    Difference,
    Event,
    FailedEvent,
    FinishedEvent,
    PlanEvent,
    SentenceEvent,
    StepEvent,
    StoppedEvent,
    UnderstoodEvent,
)
from app.render.words import Words
from app.web.pages.page import words
from core.records.approval import Approval, CallName, PlannedCall
from core.records.budget import Budget
from core.records.report import Section
from core.records.request import Language, Request
from core.records.universe import Universe
from core.wording import date_text, entity_name

FIRST: Final[frozenset[Section]] = frozenset({"answer", "headline", "warning", "missing"})
"""Sections that answer; a report without an answer has its recommendations too."""
MARKS: Final = {"finished": "✓", "gap": "!"}
SILENT: Final = frozenset({"join", "approval"})
HUNDRED: Final = 100.0


class Shown:
    """Prints one question's events, in its language; `declined` where the user said no."""

    def __init__(self, console: Console, universes: dict[str, Universe]) -> None:
        self._console, self._universes = console, universes
        self._language: Language = "en"
        self._calls: dict[str, CallName] = {}
        self._began: dict[tuple[str, str | None], float] = {}
        self._answered, self._rest = False, 0
        self.request: Request | None = None
        self.declined = False

    def tell(self, event: Event) -> None:
        """Print one event."""
        match event:
            case UnderstoodEvent():
                self._understood(event)
            case PlanEvent():
                self._plan(event.approval)
            case StepEvent():
                self._step(event)
            case SentenceEvent():
                self._sentence(event)
            case FinishedEvent():
                self._finished(event)
            case FailedEvent():
                self._say(f"{self._word('chat_failed')} {event.error}", "red")
            case StoppedEvent():
                self._say(
                    self._word("chat_cancelled" if self.declined else "chat_stopped"), "yellow"
                )

    def _understood(self, event: UnderstoodEvent) -> None:
        self.request = request = event.request
        self._language = request.language
        parts = [self._label("intent", request.intent)]
        parts += [self._entity(name, name) for name in request.universes]
        parts += [self._label("horizon", request.horizon), self._dates(request)]
        focus = dict.fromkeys(self._entity(row.universe, row.sector) for row in request.focus)
        parts += [*focus, *request.symbols]
        parts += [self._word(f"topic_{topic}") for topic in request.topics]
        self._say(f"{self._word('chat_understood')}: {' · '.join(parts)}", "dim")
        if request.inferred:
            inferred = ", ".join(
                f"{self._label('field', row.field)}: {self._label('why', row.why)}"
                for row in request.inferred
            )
            self._say(f"  ({inferred})", "dim")
        if event.stated:
            self._say(f"{self._word('chat_stated')}: {event.stated}", "yellow")

    def _plan(self, approval: Approval) -> None:
        self._calls |= {call.step: call for call in approval.steps}
        count = self._count(sum(row.calls for row in approval.servers), approval.later_most)
        by = self._word("chat_plan_by", author=self._label("author", approval.author))
        self._say(f"{self._word('chat_plan')} {by} · {self._word('chat_calls')}: {count}", "bold")
        if approval.later_most:
            self._say(f"  {self._word('chat_later', count=str(approval.later_most))}")
        if approval.notice:
            self._say(f"  {approval.notice}", "yellow")
        scored = [call for call in approval.steps if call.scored]
        self._say(f"  {self._word('chat_fixed', count=str(len(scored)))}")
        if beside(approval):
            self._say(f"  {self._word('chat_beside')}")
        for place, call in enumerate(beside(approval), start=1):
            known = f" ({self._word('chat_known')})" if call.known else ""
            self._say(f"  {place:>2} {self._call(call)}{known}")
        for row in approval.servers:
            left = self._word("chat_unlimited") if row.left is None else f"{row.left:,}"
            count = self._count(row.calls, row.later_most)
            self._say(f"  {row.server}: {count} · {self._word('chat_left')}: {left}", "dim")
        self._say(f"  {self._cost(approval)}", "dim")
        self._say(f"  {self._budget(approval.left)}", "dim")

    def _budget(self, left: Budget) -> str:
        unlimited = self._word("chat_unlimited")
        return self._word(
            "chat_budget",
            calls=unlimited if left.calls_count is None else f"{left.calls_count:,}",
            tokens=unlimited if left.tokens_count is None else f"{left.tokens_count:,}",
            money=unlimited if left.usd is None else f"${left.usd:.4f}",
        )

    def _count(self, calls: int, later_most: int) -> str:
        if not later_most:
            return str(calls)
        return self._word("chat_calls_most", count=str(calls), more=str(later_most))

    def _cost(self, approval: Approval) -> str:
        if approval.model is None:
            return self._word("chat_no_model")
        tokens = self._word(
            "chat_model", model=approval.model, used=f"{approval.tokens_used:,}",
            most=f"{approval.tokens_most:,}",
        )  # fmt: skip
        most = approval.money_most
        money = "chat_money_unknown" if most is None else "chat_money"
        return f"{tokens} {self._word(money, money=f'${most or 0.0:.4f}')}"

    def _step(self, event: StepEvent) -> None:
        key = (event.node, event.call)
        if event.call and event.about:
            self._calls.setdefault(event.call, event.about)
        if event.state == "started":
            self._began[key] = event.seconds
        elif event.node not in SILENT:
            took = event.seconds - self._began.get(key, event.seconds)
            call = self._calls.get(event.call or "")
            name = self._call(call) if call else event.call or self._word(f"node_{event.node}")
            style = "yellow" if event.state == "gap" else "dim"
            self._say(f"  {MARKS[event.state]} {name} {took:.1f} s", style)

    def _sentence(self, event: SentenceEvent) -> None:
        self._answered = self._answered or event.section == "answer"
        shown = event.section in FIRST or (event.section == "recommendation" and not self._answered)
        if not shown:
            self._rest += 1
            return
        style = "yellow" if event.section in ("warning", "missing") else ""
        self._say("".join(span.text for span in event.spans), style)

    def _finished(self, event: FinishedEvent) -> None:
        if event.differences:
            self._differences(event.differences, event.base)
        if event.synthetic:
            self._say(self._word("chat_synthetic"), "bold yellow")
        counts = self._word(
            "chat_counts", evidence=str(event.evidence_count), reused=str(event.reused_count),
            gaps=str(event.gaps_count), seconds=f"{event.seconds:.1f}",
        )  # fmt: skip
        if self.request is None or self.request.intent != "off_topic":
            self._say(f"✓ {self._word('chat_verified')} {counts}", "green")
        if self._rest:
            self._say(f"{self._word('chat_more', count=str(self._rest))} · /export", "dim")

    def _differences(self, rows: Iterable[Difference], base: Base) -> None:
        table = Table(title=self._word(f"chat_difference_{base}"), title_justify="left")
        table.add_column(self._word("sector"))
        for key in ("chat_weight", "chat_rank", "chat_score"):
            table.add_column(self._word(key), justify="right")
        for row in sorted(rows, key=lambda row: (-_size(row), row.universe, row.sector)):
            cells = (
                _change(row.before_weight, row.after_weight, scale=HUNDRED, digits=1),
                _change(row.before_rank, row.after_rank, digits=0),
                _change(row.before_score, row.after_score, digits=2),
            )
            if any("→" in cell for cell in cells):
                table.add_row(Text(self._entity(row.universe, row.sector)), *cells)
        self._console.print(table if table.rows else Text(self._word(f"chat_same_{base}")))

    def _dates(self, request: Request) -> str:
        last = self._word("chat_last_session")
        last = last if request.as_of is None else date_text(request.as_of, self._language)
        if request.since is None:
            return last
        return f"{date_text(request.since, self._language)} – {last}"

    def _call(self, call: CallName) -> str:
        about = ", ".join(call.symbols) or self._entity(call.universe, call.sector or call.universe)
        return f"{self._label('tool', call.tool)} · {about}"

    def _entity(self, universe: str, subject: str) -> str:
        return entity_name(subject, self._language, self._universes[universe])

    def _label(self, kind: str, key: str) -> str:
        universe = next(iter(self._universes.values()))
        return Words(self._language, universe).label(kind, key)

    def _word(self, key: str, **slots: str) -> str:
        return words("site", self._language)[key].format(**slots)

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style))


def beside(approval: Approval) -> tuple[PlannedCall, ...]:
    """Return the calls the user may leave out, in the order they are numbered."""
    return tuple(call for call in approval.steps if not call.scored)


def _size(row: Difference) -> float:
    return abs((row.after_weight or 0.0) - (row.before_weight or 0.0))


def _change(before: float | None, after: float | None, *, scale: float = 1.0, digits: int) -> str:
    told = ["–" if value is None else f"{scale * value:.{digits}f}" for value in (before, after)]
    return told[1] if told[0] == told[1] else f"{told[0]} → {told[1]}"
