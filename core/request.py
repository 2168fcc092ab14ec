"""Turns the user's words into a Request, by a closed grammar of English and Vietnamese.

It decides what was asked, of which markets, when, against what, and under which stated limits and
holdings, and shows what it inferred. It refuses what is not served, and takes nothing else from the
words: no text, whatever it says, reaches a field that is not a closed value.
"""

import unicodedata
from collections.abc import Iterator
from typing import Literal

from core.errors import DateError, RequestError, UnknownUniverseError
from core.language.limits.bounds import Limits, below_nothing, limits_in
from core.language.limits.elsewhere import refuse_elsewhere
from core.language.limits.held import held_in
from core.language.limits.holdings import holdings_of
from core.language.limits.patch import patch_of, restates, states_limits
from core.language.limits.sectors import Question, focus_of
from core.language.limits.stated import stated_of
from core.language.questions.demands import SECTORLESS, asks_level, demands_of
from core.language.questions.earned import earned
from core.language.questions.intents import intent_of, is_outside, says_nothing
from core.language.questions.lengths import lengths_of
from core.language.questions.picks import asks_pick
from core.language.questions.side import sides_of
from core.language.questions.span import span_of
from core.language.questions.statements import asks_annual, statement_kinds
from core.language.questions.thread import continues
from core.language.questions.vague import RANKING, default_topics, is_open
from core.language.reading import Reading, read
from core.language.times.ago import ago_in
from core.language.times.asked_over import AHEAD
from core.language.words.answered_in import answered_in
from core.language.words.refusals import refusal
from core.records.request import Inference, Language, Request, Topic
from core.records.universe import Universe

TEXT_LIMIT = 4000
"""Characters a question may have."""

UNIVERSE_LIMIT = 4
"""Markets a question may name."""


def parse_request(
    text: str,
    universes: tuple[Universe, ...],
    *,
    default_universe: str,
    previous: Request | None = None,
) -> Request:
    """Return the question in closed terms.

    With `previous` an elliptical follow-up ("and three months instead of one?") keeps what it does
    not restate; a question that states its own is new and keeps the thread's market, horizon,
    limits and holdings alone. Limits hold until lifted or until another market is named. A month,
    quarter or year stands for its last day, the start of a span for its first.

    Raises:
        DateError: a day of a year outside 1900 to 2099.
        RequestError: empty, too long or undated text, a horizon that is not served, more than four
            markets, a limit outside 0 to 100 %, holdings beyond the whole, or a sector the markets
            do not have.
        UnknownUniverseError: `default_universe` is none of `universes`.
    """
    known = {universe.id: universe for universe in universes}
    thread: Language = previous.language if previous else "en"
    if default_universe not in known:
        names = ", ".join(sorted(known))
        raise UnknownUniverseError(
            refusal("no_such_universe", thread, said=default_universe, known=names)
        )
    source = _accepted(text, thread)
    words, wanted = answered_in(source)
    reading = _read(words, universes, previous.language if previous else None)
    if wanted is not None and previous is not None and says_nothing(reading):
        told = Inference(field="language", value=wanted, why="from_words")
        again = {"text": source, "language": wanted, "inferred": (told,)}
        return previous.model_copy(update=again)
    language = wanted or reading.language or thread
    held = held_in(reading.own, reading.symbols, language)
    limits = limits_in(held.words if held else reading.own, language)
    if limits != Limits() and (below := below_nothing(source)) is not None:
        raise RequestError(refusal("percent", language, said=below))
    refuse_elsewhere(source, held.words if held else reading.own, limits, language)
    thread_kept = previous if not held and continues(reading, limits, language) else None
    states = held is not None or limits != Limits() or restates(reading.own, previous)
    if is_outside(reading, states=states, previous=thread_kept):
        return _off_topic(source, reading, language, default_universe)
    chosen, inferred = _universes(reading, universes, default_universe, previous, language)
    if reading.elsewhere:
        kept = (row for row in inferred if row.why == "from_words")
        told = Inference(field="universe", value=", ".join(chosen), why="out_of_range")
        inferred = (*kept, told)
    question = Question(
        reading=reading,
        limits=limits,
        language=language,
        universes=tuple(known[name] for name in chosen),
        previous=thread_kept,
        thread=previous,
        held=held,
    )
    inferred = (*inferred, *_spoken(reading, language, previous))
    return _request(source, question, inferred)


def _read(source: str, universes: tuple[Universe, ...], thread: Language | None) -> Reading:
    """Return the reading; short slips of the keys make no other subject one of ours."""
    try:
        reading = read(source, universes, thread=thread)
        if reading.plain or not reading.slips or any(slip.sure for slip in reading.slips):
            return reading
        unmended = read(source, universes, mend=False, thread=thread)
    except DateError as error:
        raise DateError(refusal("bad_year", thread or "en", said=str(error))) from None
    except ValueError as error:
        raise RequestError(refusal("bad_date", thread or "en", said=str(error))) from None
    return unmended if is_outside(unmended, states=False, previous=None) else reading


def _off_topic(source: str, reading: Reading, language: Language, universe: str) -> Request:
    """Return a question that is none of ours; it states nothing and keeps nothing of the thread."""
    named = [name for match in reading.matches for name in match.meaning.named]
    implied = [name for match in reading.matches for name in match.meaning.implied[:1]]
    return Request(
        text=source,
        language=language,
        intent="off_topic",
        universes=tuple(dict.fromkeys(named or implied or [universe]))[:UNIVERSE_LIMIT],
        topics=_refused(reading),
    )


def _refused(reading: Reading) -> tuple[Topic, ...]:
    """Return what is asked for that nobody is told; empty for another subject."""
    if asks_level(reading):
        return ("index_level",)
    return ("stock_pick",) if asks_pick(reading) else ()


def _request(source: str, question: Question, inferred: tuple[Inference, ...]) -> Request:
    """Return the request; what came before, continued or not, sets the horizon."""
    reading, previous = question.reading, question.previous
    topics, topics_inferred = _topics(question)
    lengths = lengths_of(question, topics)
    span = span_of(reading, question.language, previous)
    focus, focus_inferred = focus_of(question)
    holdings, holdings_inferred = holdings_of(question)
    benchmark, benchmark_inferred = _benchmark(question)
    taken = (*inferred, *lengths.inferred, *span.inferred, *benchmark_inferred)
    intent = intent_of(
        reading, stated_limits=states_limits(question), focus=focus, previous=previous
    )
    return Request(
        text=source,
        language=question.language,
        intent=intent,
        universes=tuple(universe.id for universe in question.universes),
        horizon=lengths.horizon,
        as_of=span.as_of,
        since=span.since,
        ago=ago_in(reading.heard) if "changed" in topics and span.since is None else None,
        window=lengths.window,
        lookback=lengths.lookback,
        statements=statement_kinds(reading),
        annual=asks_annual(reading),
        benchmark=benchmark,
        focus=focus,
        symbols=_symbols(question),
        topics=topics,
        sides=() if focus else sides_of(reading, question.limits, previous),
        patch=patch_of(question),
        holdings=holdings,
        stated=stated_of(question),
        inferred=(*taken, *focus_inferred, *topics_inferred, *holdings_inferred),
    )


def _symbols(question: Question) -> tuple[str, ...]:
    """Return the companies asked about, those held aside; without any the continued thread's."""
    held = {symbol.upper() for symbol, _ in question.held.symbols} if question.held else set()
    asked = tuple(symbol for symbol in question.reading.symbols if symbol not in held)
    return asked[:20] or (question.previous.symbols if question.previous else ())


def _benchmark(question: Question) -> tuple[str | None, tuple[Inference, ...]]:
    """Return the benchmark named, of the first market that has it, else the continued thread's."""
    named = dict(reversed(question.reading.benchmarks))
    own = next((named[row.id] for row in question.universes if row.id in named), None)
    if own is not None:
        return own, (Inference(field="benchmark", value=own, why="from_words"),)
    kept = question.previous.benchmark if question.previous else None
    known = {mark.id for universe in question.universes for mark in universe.benchmarks}
    if kept is None or kept not in known:
        return None, ()
    return kept, (Inference(field="benchmark", value=kept, why="from_thread"),)


def _topics(question: Question) -> tuple[tuple[Topic, ...], tuple[Inference, ...]]:
    """Return what is asked for in its own right first, then the topics met, else the thread's.

    What a vague question is taken to ask, and what a misspelt word or a figure of speech, is shown.
    """
    slips = tuple(
        Inference(field="topic", value=f"{said} = {read}", why="from_words")
        for said, read in dict.fromkeys(_reread(question.reading))
    )
    spans = any(said.begins for said in question.reading.dates)
    demands = demands_of(
        question.reading, question.limits, holds=question.held is not None, spans=spans
    )
    past = earned(question.reading, question.limits)
    met = [topic for topic in question.reading.topics if not past or topic not in AHEAD]
    found = tuple(dict.fromkeys((*demands, *past, *met)))
    if found:
        return found, slips
    if question.limits == Limits() and question.held is None:
        taken = default_topics(question.reading, question.previous)
        if taken:
            default = Inference(field="topic", value=", ".join(taken), why="default")
            return taken, (*slips, default)
        if is_open(question.reading, question.previous):
            return (), (*slips, Inference(field="topic", value=RANKING, why="default"))
    kept = question.previous.topics if question.previous else ()
    if question.reading.sectors:
        kept = tuple(topic for topic in kept if topic not in SECTORLESS)
    return kept, slips


def _reread(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield the words of a topic that stand for others, with what they were read as."""
    for slip in reading.slips:
        if not slip.sector:
            yield slip.said, slip.read
    yield from reading.figures


def _spoken(
    reading: Reading, language: Language, previous: Request | None
) -> tuple[Inference, ...]:
    if reading.language is not None:
        return ()
    why: Literal["from_thread", "default"] = "from_thread" if previous else "default"
    return (Inference(field="language", value=language, why=why),)


def _accepted(text: str, language: Language) -> str:
    """Return the text in composed form, trimmed."""
    if len(text) > TEXT_LIMIT:
        length, limit = str(len(text)), str(TEXT_LIMIT)
        raise RequestError(refusal("too_long", language, length=length, limit=limit))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RequestError(refusal("not_text", language)) from None
    source = unicodedata.normalize("NFC", text).strip()
    if not any(character.isalnum() for character in source):
        raise RequestError(refusal("empty", language))
    return source[:TEXT_LIMIT]


def _universes(
    reading: Reading,
    universes: tuple[Universe, ...],
    default_universe: str,
    previous: Request | None,
    language: Language,
) -> tuple[tuple[str, ...], tuple[Inference, ...]]:
    """Return the markets named, else those a ticker implies, the thread's, or the default."""
    said: dict[str, bool] = {}
    for match in reading.matches:
        for name in match.meaning.named or match.meaning.implied[:1]:
            said[name] = said.get(name, False) or bool(match.meaning.named)
    if reading.vietnamese_symbols and not said:
        members = (row for row in universes if row.currency == "VND" and row.built_from_members)
        said.update({row.id: False for row in members})
    if len(said) > UNIVERSE_LIMIT:
        count, limit = str(len(said)), str(UNIVERSE_LIMIT)
        raise RequestError(refusal("universes", language, count=count, limit=limit))
    if said:
        implied = (name for name, outright in said.items() if not outright)
        return tuple(said), tuple(
            Inference(field="universe", value=name, why="from_words") for name in implied
        )
    known = {universe.id for universe in universes}
    if previous is not None and known.issuperset(previous.universes):
        kept = Inference(field="universe", value=", ".join(previous.universes), why="from_thread")
        return previous.universes, (kept,)
    taken = Inference(field="universe", value=default_universe, why="default")
    return (default_universe,), (taken,)
