"""The `sectorwise` command: names the commands, answers every error with one sentence.

Rooms are imported inside the commands, so that `--help` costs no more than the option parser.
Packages above bring commands of their own by the entry points `sectorwise.commands`: what such a
point names is called with the command line.
"""

import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from app.cli import (
    ask,
    audit,
    backtest,
    backup,
    batch,
    chat,
    data,
    deliver,
    doctor,
    mandate,
    mcp,
    prune,
    record,
    report,
    restore,
    rotation,
    runs,
    serve,
    signals,
    skill,
    status,
    sync,
    token,
    tools,
    track,
    trials,
    watch,
)
from app.hardening import harden
from core.errors import DataError, SectorwiseError

COMMANDS = "sectorwise.commands"
INTERRUPTED = 130
INTERNAL = 1
USAGE = 2

app = typer.Typer(
    name="sectorwise",
    help="Ask where money is rotating: plan, measure, score, and write a verified report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _room in (
    data,
    doctor,
    sync,
    signals,
    rotation,
    report,
    ask,
    chat,
    batch,
    deliver,
    serve,
    token,
    watch,
    status,
    mcp,
    tools,
    runs,
    prune,
    backup,
    restore,
    record,
    track,
    mandate,
    skill,
    backtest,
    trials,
    audit,
):
    _room.register(app)


def run() -> None:
    """Run the command line; exit codes are listed in docs/guide.md."""
    harden()
    code = 0
    try:
        code = command()(standalone_mode=False) or 0
    except TyperException as error:
        if not str(error):
            raise SystemExit(USAGE) from error  # no command: the help was printed
        _fail(_usage(error), USAGE)
    except SectorwiseError as error:
        _fail(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last door: a sentence, never a traceback
        _fail(*_unforeseen(error))
    if code == INTERRUPTED:
        _fail("interrupted; what was stored stays stored", INTERRUPTED)
    raise SystemExit(code)


@cache
def command() -> Callable[..., int | None]:
    """Return the command line with all its commands, put together once a process."""
    add_others(app)
    return get_command(app)


def add_others(to: typer.Typer) -> None:
    """Add the commands that installed packages bring, by name."""
    for point in sorted(entry_points(group=COMMANDS), key=lambda point: point.name):
        point.load()(to)


def _unforeseen(error: Exception) -> tuple[str, int]:
    """Return what is said of an error nobody foresaw, and the exit code."""
    from app.state.storage_errors import storage_sentence

    kept = storage_sentence(error)
    if kept is not None:
        return kept, DataError.exit_code
    return f"internal error ({type(error).__name__}): {error}", INTERNAL


def _usage(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    said = getattr(error, "format_message", error.__str__)()
    return f"{said} See {context.command_path if context else 'sectorwise'} --help."


def _fail(sentence: str, code: int) -> None:
    sys.stderr.write(f"sectorwise: {' '.join(sentence.split())}\n")
    raise SystemExit(code)
