"""The commands of a chat in a terminal, and the words of the closed grammar they stand for."""

from dataclasses import dataclass
from typing import Final

from core.errors import CallerError
from core.records.mandate import MandatePatch
from core.records.request import Language, Request
from core.records.universe import Horizon, Universe
from core.request import parse_request
from tools.scope import sectors_named

HELP: Final[dict[str, str]] = {
    "/universe ID": "questions that name no market are about this one: a new thread",
    "/as-of DATE": "see only what was known then, YYYY-MM-DD or `last`: a new thread",
    "/horizon 1W|1M|3M": "the last question again, looking so far ahead",
    "/why SECTOR": "why the sector stands where it does",
    "/compare A B": "sectors or markets side by side",
    "/mandate [LIMIT|clear]": "the limits in force, or one more for this thread: cap banks 20%",
    "/export [FORM]": "the last report as pdf, html, xlsx, md or json",
    "/model": "which model answers, and its tokens so far",
    "/threads": "the threads there are",
    "/open ID": "go on with a thread",
    "/new": "a new thread",
    "/help": "this list",
    "/quit": "leave; so does Ctrl-D. Ctrl-C stops a run and keeps the thread",
}
FORMS: Final = ("pdf", "html", "xlsx", "md", "json")
NAMES: Final = tuple(line.split()[0] for line in HELP)
_AGAIN: Final[dict[Language, dict[Horizon, str]]] = {
    "en": {
        "1W": "and 1 week instead?",
        "1M": "and 1 month instead?",
        "3M": "and 3 months instead?",
    },
    "vi": {"1W": "còn 1 tuần thì sao?", "1M": "còn 1 tháng thì sao?", "3M": "còn 3 tháng thì sao?"},
}
_WHY: Final[dict[Language, str]] = {"en": "Why {sector}?", "vi": "Tại sao {sector}?"}
_COMPARE: Final[dict[Language, str]] = {"en": "Compare {those}", "vi": "So sánh {those}"}


@dataclass(frozen=True, slots=True)
class Command:
    """A line that begins with a slash: its name and what follows."""

    name: str
    said: str


def command_of(line: str) -> Command | None:
    """Return the command of a line, None for a question.

    Raises:
        CallerError: no command is called that.
    """
    if not line.startswith("/"):
        return None
    name, _, said = line.partition(" ")
    if name not in NAMES:
        raise CallerError(f"there is no command {name}: /help lists those there are")
    return Command(name, said.strip())


def again(said: str, language: Language) -> str:
    """Return the follow-up that asks the same over another horizon.

    Raises:
        CallerError: it is none of ours.
    """
    words = {str(horizon): text for horizon, text in _AGAIN[language].items()}
    if said.upper() not in words:
        raise CallerError(f"/horizon {said or '…'}: take one of {', '.join(words)}")
    return words[said.upper()]


def why(said: str, universe: Universe, language: Language) -> str:
    """Return the question why a sector stands where it does.

    Raises:
        CallerError: the universe has no such sector, or it stands for several.
    """
    found = sectors_named(universe, said) if said else ()
    if len(found) != 1:
        named = ", ".join(sector.id for sector in found) or ", ".join(universe.sector_ids)
        raise CallerError(f"/why {said or '…'}: name one sector, of {named}")
    name = found[0].name_vi if language == "vi" else found[0].name_en
    return _WHY[language].format(sector=name)


def compare(said: str, language: Language) -> str:
    """Return the question that sets sectors or markets side by side.

    Raises:
        CallerError: nothing is named.
    """
    if not said:
        raise CallerError("/compare …: name two sectors or markets, /compare banks, real estate")
    return _COMPARE[language].format(those=said)


def limits(said: str, universes: dict[str, Universe], universe: str) -> MandatePatch:
    """Return the limits the words state, in closed terms.

    Raises:
        CallerError: they state none, or name a sector the universe does not have.
    """
    request = parse_request(said, tuple(universes.values()), default_universe=universe)
    if request.patch is None:
        raise CallerError(
            f"/mandate {said}: no limit is stated; say `cap banks 20%`, `no real estate`, "
            "`at least 5% utilities` or `turnover 10%`"
        )
    return request.patch


def choices(before: str, universes: dict[str, Universe], universe: str) -> list[str]:
    """Return what may stand next in a line, for completion."""
    name, space, _ = before.partition(" ")
    if name.startswith("/") and not space:
        return list(NAMES)
    if name == "/universe":
        return list(universes)
    if name == "/horizon":
        return list(universes[universe].horizons)
    if name == "/export":
        return list(FORMS)
    sectors = universes[universe].sectors
    return sorted({name for s in sectors for name in (s.name_en, s.name_vi)})


def language_of(last: Request | None) -> Language:
    """Return the thread's language."""
    return "en" if last is None else last.language
