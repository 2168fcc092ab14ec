"""The `sectorwise` command: names the commands, answers every error with one sentence.

Rooms are imported inside the commands, so that `--help` costs no more than the option parser.
"""

import sys

import typer
from typer.exceptions import TyperException

from app.cli import (
    ask,
    audit,
    backtest,
    batch,
    chat,
    data,
    mandate,
    mcp,
    record,
    report,
    rotation,
    runs,
    serve,
    signals,
    skill,
    sync,
    token,
    tools,
    track,
    trials,
)
from app.hardening import harden
from core.errors import SectorwiseError

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
    sync,
    signals,
    rotation,
    report,
    ask,
    chat,
    batch,
    serve,
    token,
    mcp,
    tools,
    runs,
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
        code = app(standalone_mode=False) or 0
    except TyperException as error:
        if not str(error):
            raise SystemExit(USAGE) from error  # no command: the help was printed
        _fail(_usage(error), USAGE)
    except SectorwiseError as error:
        _fail(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last door: a sentence, never a traceback
        _fail(f"internal error ({type(error).__name__}): {error}", INTERNAL)
    if code == INTERRUPTED:
        _fail("interrupted; what was stored stays stored", INTERRUPTED)
    raise SystemExit(code)


def _usage(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    said = getattr(error, "format_message", error.__str__)()
    return f"{said} See {context.command_path if context else 'sectorwise'} --help."


def _fail(sentence: str, code: int) -> None:
    sys.stderr.write(f"sectorwise: {' '.join(sentence.split())}\n")
    raise SystemExit(code)
