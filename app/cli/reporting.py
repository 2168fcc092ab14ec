"""Makes a report for the command line: request, run, files, and what it says in short."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from agents.run import Progress
from app.awaiting import awaited
from app.cli.holding import tell_unseen_holdings
from app.cli.output import Teller, say, say_json, telling
from app.cli.replaying import taken_up
from app.compose import Composition
from app.data import prepare
from app.files.universes import load_universes, one_of
from app.recordings import Recording
from app.render.bundle import chosen_formats, render
from app.research import Research, research
from app.settings import load_settings
from core.errors import CallerError, EmptyStoreError
from core.records.desk import Signatures
from core.records.report import Report, Section
from core.records.request import Language, Request
from core.records.universe import Horizon

LONGEST_NAME = 80
"""Characters of a name at the foot."""
HEADLINE: tuple[Section, ...] = ("answer", "headline", "recommendation")


def composition() -> Composition:
    """Return the composition of the user's settings."""
    settings = load_settings()
    return Composition(settings=settings, universes=load_universes(settings.universe_files))


def report_request(
    universes: tuple[str, ...], *, as_of: date | None, horizon: Horizon, language: Language
) -> Request:
    """Return the request of a plain report; every field is stated, nothing inferred."""
    named = tuple(dict.fromkeys(universes))
    if len(named) > 4:
        raise CallerError(f"{len(named)} universes asked for: a report takes at most four")
    return Request(
        text="",
        language=language,
        intent="report",
        universes=named,
        horizon=horizon,
        as_of=as_of,
    )


def signed(*, prepared: str, reviewed: str, approved: str) -> Signatures:
    """Return who signs.

    Raises:
        CallerError: a name is longer than the foot has room for.
    """
    names = {"prepared": prepared, "reviewed": reviewed, "approved": approved}
    for option, name in names.items():
        if len(name) > LONGEST_NAME:
            raise CallerError(f"--{option} has {len(name)} characters: at most {LONGEST_NAME}")
    return Signatures(**names)


def write_report(
    universes: tuple[str, ...],
    *,
    as_of: date | None,
    horizon: Horizon,
    language: Language,
    out: Path,
    formats: tuple[str, ...],
    signatures: Signatures,
    replay: Path | None,
    as_json: bool,
) -> None:
    """Run, render and tell; the stated form of `--json` is one object on stdout.

    Raises:
        SectorwiseError: by who must act.
    """
    chosen_formats(formats)
    require_writable(out)
    base, recording = taken_up(composition(), replay)
    names = universes or (base.settings.universe,)
    request = (
        recording.request
        if recording
        else report_request(names, as_of=as_of, horizon=horizon, language=language)
    )
    with telling() as tell:
        ready(base, request, tell=tell, recording=recording)
        done = awaited(
            research(
                request, base, recording=recording, signatures=signatures, progress=shown_on(tell)
            )
        )
        tell("rendering")
        files = render(done.report, base.universes, formats=formats, out_dir=out)
    if as_json:
        say_json(_summary(done, files))
        return
    tell_report(done.report)
    if recording is None:
        for allocation in done.report.allocations:
            tell_unseen_holdings(base.settings.home_dir, allocation.universe, allocation.as_of)
    for path in files.values():
        say(f"wrote {path}")


def require_writable(folder: Path) -> None:
    """Refuse a folder no file can be written to, before anything is computed.

    Raises:
        CallerError: it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CallerError(f"--out {folder} cannot be written to: {reason}") from error


def ready(
    base: Composition, request: Request, *, tell: Callable[[str], None], recording: Recording | None
) -> None:
    """Check the universes' names, and prepare what our own server answers from.

    Raises:
        UnknownUniverseError: a universe is not one of ours.
        EmptyStoreError: none of them has data; where some have, the others become gaps.
    """
    chosen = [one_of(base.universes, name) for name in request.universes]
    if recording is not None or base.settings.mcp_config is not None:
        return
    empty: list[EmptyStoreError] = []
    for universe in chosen:
        try:
            prepare(base.settings, universe, tell=tell, as_of=request.as_of)
        except EmptyStoreError as error:
            empty.append(error)
    if len(empty) == len(chosen):
        raise empty[0]


def shown_on(tell: Teller) -> Callable[[Progress], None]:
    """Return a listener that shows the graph's steps."""

    def listen(progress: Progress) -> None:
        tell(f"{progress.node} {progress.step or ''} {progress.state}".replace("  ", " "))

    return listen


def tell_report(report: Report) -> None:
    """Print the sentences a reader needs first."""
    if report.synthetic:
        say("SYNTHETIC DATA: a demonstration, not a market")
    for sentence in report.sentences:
        if sentence.section in HEADLINE:
            say(sentence.text)


def _summary(done: Research, files: dict[str, Path]) -> dict[str, object]:
    return {
        "run": done.run,
        "seconds": round(done.seconds, 3),
        "files": {name: str(path) for name, path in files.items()},
        "report": done.report.model_dump(mode="json"),
    }
