"""Asks on the command line: one question, or several in a row as one thread."""

from contextlib import suppress
from datetime import date
from pathlib import Path

from app.awaiting import awaited
from app.cli.output import say, say_json, telling
from app.cli.replaying import taken_up
from app.cli.reporting import composition, ready, shown_on
from app.compose import Composition, open_services
from app.conversation import Conversation, Turn
from app.recordings import Recording
from app.render.bundle import render
from core.errors import CallerError, EmptyStoreError
from core.records.mandate import MandatePatch
from core.records.plan import PlanStep
from core.records.report import Section, Sentence
from core.records.request import Request

ANSWER_SECTIONS: tuple[Section, ...] = ("answer", "headline", "warning", "missing")


def answer_questions(
    questions: tuple[str, ...],
    *,
    universe: str | None,
    as_of: date | None,
    out: Path | None,
    replay: Path | None,
    as_json: bool,
) -> None:
    """Answer the questions as one thread.

    Raises:
        SectorwiseError: by who must act.
    """
    if not all(map(str.strip, questions)):
        raise CallerError("ask what? The question is empty; `sectorwise report` needs none")
    base, recording = taken_up(composition(), replay)
    if recording is not None:
        questions = questions or (recording.request.text,)
    if not questions:
        raise CallerError("ask what? Give a question, or a recording with --replay")

    async def answered() -> list[Turn]:
        async with open_services(base, recording=recording) as services:
            thread = Conversation(
                services, base, universe=universe, as_of=as_of, recording=recording
            )
            return [
                await _turn(thread, base, text, quiet=as_json, recording=recording)
                for text in questions
            ]

    turns = awaited(answered())
    for number, turn in enumerate(turns, start=1):
        if out is not None:
            folder = out if len(turns) == 1 else out / str(number)
            render(turn.research.report, base.universes, out_dir=folder)
    if as_json:
        documents = [_document(turn) for turn in turns]
        say_json(documents[0] if len(documents) == 1 else documents)


async def _turn(
    thread: Conversation,
    base: Composition,
    text: str,
    *,
    quiet: bool,
    recording: Recording | None = None,
) -> Turn:
    known = recording is not None and text == recording.request.text
    request = recording.request if recording and known else thread.understood(text)
    if not quiet and stated_limits(request):
        say(f"stated   {stated_limits(request)}")
    with telling() as tell:
        if request.intent != "off_topic":
            with suppress(EmptyStoreError):  # the answer says so
                ready(base, request, tell=tell, recording=recording)
        turn = await thread.asked(request, progress=shown_on(tell))
    if not quiet:
        _tell(turn)
    return turn


def _tell(turn: Turn) -> None:
    report = turn.research.report
    if report.synthetic:
        say("SYNTHETIC DATA: a demonstration; name a market or set SECTORWISE_UNIVERSE")
    say(f"\nrequest  {_request_line(turn.request)}")
    drill = [step for step in report.plan.steps if not step.scored]
    say(
        f"plan     {sum(s.scored for s in report.plan.steps)} scored calls, "
        f"{len(drill)} beside: {', '.join(map(_step, drill)) or 'none'} (by {report.plan.author})"
    )
    say(
        f"evidence {len(report.evidence)} answers ({turn.reused} reused), {len(report.gaps)} gaps\n"
    )
    for sentence in _answer(report.sentences):
        say(sentence.text)


def _answer(sentences: tuple[Sentence, ...]) -> list[Sentence]:
    return [sentence for sentence in sentences if sentence.section in ANSWER_SECTIONS]


def _request_line(request: Request) -> str:
    parts = [
        request.intent,
        "+".join(request.universes),
        request.horizon,
        f"as of {request.as_of or 'the last session'}",
    ]
    if request.focus:
        parts.append("on " + ", ".join(f"{f.sector} ({f.said})" for f in request.focus))
    if request.symbols:
        parts.append("names " + ", ".join(request.symbols))
    if request.topics:
        parts.append("about " + ", ".join(request.topics))
    return " · ".join(parts)


def stated_limits(request: Request) -> str:
    """Return the limits and holdings the words state, which move the allocation; "" for none."""
    patch, held = request.patch or MandatePatch(), request.holdings
    parts = [f"{row.sector} at most {row.cap:.1%}" for row in patch.caps]
    parts += [f"{row.sector} at least {row.floor:.1%}" for row in patch.floors]
    parts += [f"no {sector}" for sector in patch.excluded]
    parts += [f"turnover at most {patch.turnover:.1%}"] if patch.turnover is not None else []
    if held is not None:
        owned = [f"{row.sector or row.symbol} {row.weight or 0.0:.1%}" for row in held.positions]
        parts.append(f"held: {', '.join([*owned, f'cash {held.cash_weight or 0.0:.1%}'])}")
    return "; ".join(parts)


def _step(step: PlanStep) -> str:
    subject = step.arguments.sector or ",".join(step.arguments.symbols or ()) or step.universe
    return f"{step.tool}({subject})"


def _document(turn: Turn) -> dict[str, object]:
    report = turn.research.report
    return {
        "run": turn.research.run,
        "seconds": round(turn.research.seconds, 3),
        "request": report.request,
        "plan": report.plan,
        "reused": turn.reused,
        "answer": [sentence.text for sentence in _answer(report.sentences)],
        "report": report,
    }
