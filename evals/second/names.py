"""What things are called in a language, by the universes' own files, and how days are told."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

from evals.second.reading import Object
from evals.second.report import by_universe, evidence_of, items, text_of, values, words_of
from evals.second.words import Words, words_in

_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
DAY: Final = {"en": r"\d{1,2} [A-Z][a-z]{2} \d{4}", "vi": r"\d{2}/\d{2}/\d{4}"}
_SHORT_DAY: Final = {
    "en": rf"\b\d{{1,2}} (?:{'|'.join(_MONTHS)})\b",
    "vi": r"\b\d{2}/(?:0\d|1[0-2])\b(?!\s(?:ngành|chuỗi))",
}
_SYMBOL: Final = re.compile(r"[A-Z][A-Z0-9.^=-]{0,14}[A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one universe in one language; sectors and benchmarks by id.

    `fixed` are texts that are the same in every report of the universe, by how they are listed.
    """

    language: str
    id: str
    universe: str
    universes: frozenset[str]
    sectors: Mapping[str, frozenset[str]]
    styles: Mapping[str, str]
    benchmarks: Mapping[str, str]
    money: str
    symbols: frozenset[str]
    fixed: Mapping[str, str]
    synthetic: bool
    words: Words

    def sector_named(self, text: str) -> str | None:
        """Return the sector a text is the name of."""
        bare = text.strip()
        return next((one for one, known in self.sectors.items() if bare in known), None)

    def subject_called(self, raw: str) -> frozenset[str]:
        """Return what a subject may be called, casefolded: a sector, the market itself, a call."""
        known = self.sectors.get(raw, frozenset()) | ({self.universe} if raw == self.id else set())
        call = raw.removeprefix(f"{self.id}-")
        return frozenset(each.casefold() for each in known) | self.words.called("subject", call)

    def days(self, text: str) -> list[date | None]:
        """Return the days a text tells; None for one no calendar has."""
        return [self._parsed(each) for each in re.findall(DAY[self.language], text)]

    def template(self, text: str, *, everywhere: bool = False) -> str:
        """Return a text with what is a name, a day or an amount's unit left open.

        A sector's name is left open where it is the whole text, or `everywhere`.
        """
        for place, said in self.fixed.items():
            text = text.replace(said, place)
        text = re.sub(DAY[self.language], "{day}", text)
        text = re.sub(_SHORT_DAY[self.language], "{short day}", text)
        text = re.sub(
            rf"(?<![\w-]){self.id}(?=-[\w-]+ /)|(?<=--universe ){self.id}\b", "{id}", text
        )
        for name in sorted(self.universes, key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "{universe}", text)
        for name in sorted(self.benchmarks.values(), key=len, reverse=True):
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "{benchmark}", text)
        text = text.replace(self.money, "{money}")
        if self.sector_named(text):
            return "{sector}"
        if everywhere:
            known = sorted({one for each in self.sectors.values() for one in each}, key=len)[::-1]
            text = re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)", "{sector}", text)
        return _SYMBOL.sub(lambda each: "{symbol}" if each[0] in self.symbols else each[0], text)

    def more(self, text: str) -> list[str]:
        """Return how many a text says it leaves out."""
        return self._more.findall(text)

    def without_more(self, text: str) -> str:
        """Return a text without how many it leaves out."""
        return self._more.sub("", text)

    @property
    def _more(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.words.said["more"]).replace(r"\{n\}", r"(\d+)"))

    def short(self, iso: str) -> str:
        """Return a day written YYYY-MM-DD as the language writes it without its year."""
        _, month, day = iso[:10].split("-")
        return (
            f"{day}/{month}" if self.language == "vi" else f"{int(day)} {_MONTHS[int(month) - 1]}"
        )

    def short_days(self, text: str) -> list[str]:
        """Return the days without a year a text tells."""
        return re.findall(_SHORT_DAY[self.language], re.sub(DAY[self.language], "", text))

    def _parsed(self, text: str) -> date | None:
        try:
            if self.language == "vi":
                day, month, year = text.split("/")
                return date(int(year), int(month), int(day))
            day, month, year = text.split(" ")
            return date(int(year), _MONTHS.index(month) + 1, int(day))
        except ValueError:
            return None


def names_of(report: Object, universe: str, language: str) -> Names:
    """Return the names of a universe of the report.

    Raises:
        KeyError: the universe is none of those that are shipped.
    """
    file, words = _files()[universe], words_in(language)
    asked = (_files()[each] for each in words_of(_request(report), "universes"))
    key = f"name_{language}"
    return Names(
        language=language,
        id=universe,
        universe=text_of(file, key),
        universes=frozenset(text_of(each, key) for each in asked),
        sectors={text_of(row, "id"): _all_names(row, key, words) for row in items(file, "sectors")},
        styles={
            text_of(row, "id"): text_of(row, "style") or "neutral" for row in items(file, "sectors")
        },
        benchmarks={text_of(row, "id"): text_of(row, key) for row in items(file, "benchmarks")},
        money=words.money[text_of(file, "currency")],
        symbols=frozenset(_symbols(report, universe)),
        fixed=_fixed(file, key),
        synthetic=bool(file.get("synthetic")),
        words=words,
    )


def _request(report: Object) -> Object:
    found = report.get("request")
    return found if isinstance(found, Mapping) else {}


def _all_names(row: Object, key: str, words: Words) -> frozenset[str]:
    full = text_of(row, key)
    return frozenset({full, text_of(row, "ticker"), *words.short.get(full, ())})


def _fixed(file: Object, key: str) -> dict[str, str]:
    """Return the lists a sentence may hold: every market there is, and the benchmarks alike."""
    markets = dict.fromkeys(text_of(_files()[each], key) for each in sorted(_files()))
    marks = items(file, "benchmarks")
    treatment = text_of(marks[0], "treatment") if marks else ""
    alike = [text_of(each, "id") for each in marks if text_of(each, "treatment") == treatment]
    return {"{known}": ", ".join(markets), "{alike}": ", ".join(alike)}


def _symbols(report: Object, universe: str) -> set[str]:
    held = [by_universe(report, name, universe) for name in ("portfolios", "trades")]
    records = (*evidence_of(report, universe), *held)
    found = (each for record in records for each in values(record))
    return {each for each in found if isinstance(each, str) and _SYMBOL.fullmatch(each)} - _WORDS


_WORDS: Final = frozenset({"LEADING", "WEAKENING", "LAGGING", "IMPROVING", "USD", "VND", "EUR"})


@cache
def _files() -> dict[str, Object]:
    folder = resources.files("core.universes")
    found = [each for each in folder.iterdir() if each.name.endswith(".toml")]
    read = [tomllib.loads(each.read_text("utf-8")) for each in found]
    return {str(file["id"]): file for file in read}
