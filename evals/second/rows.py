"""Whether a table's row is of one thing: each cell a field of the record the row names.

A row says where it comes from in its own title, or by its cells'. A cell that names no source is
read through its heading: `columns` lists the fields that may stand under it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from evals.second.faults import Fault, unlisted
from evals.second.names import Names
from evals.second.numerals import SCALES, SMALLER, Numeral, numerals
from evals.second.places import Source
from evals.second.reading import Element, Object
from evals.second.report import items, number, number_of, text_of
from evals.second.scene import Scene
from evals.second.texts import BOUND, opened, unbound

NOTHING: Final = "\N{EN DASH}"
_RANKED: Final = frozenset({"sectors", "heatmap", "reasons"})
"""Tables whose rows are sectors, the best score first."""
Known = Mapping[str, object]
_REST: Final = {
    "held_weight": ("cash_held_weight", "outside_weight"),
    "target_weight": ("cash_target_weight", "outside_weight"),
}
"""What an allocation holds beyond its sectors: cash, and what lies outside."""
_SMALLEST: Final = 0.005
"""Points of score: a smaller reason would be printed as nothing."""
_PIECE: Final = re.compile(r"; |, ")
_HORIZON: Final = re.compile(r"\b\d+[WMTND]\b|\b100\b")


def row_faults(block: str, table: Element, scene: Scene) -> Iterator[Fault]:
    """Yield the rows of a table that mix two things, or tell a field that is another."""
    if table.classes & _RANKED:
        yield from _order_faults(table, scene)
    heads: list[str] = []
    for row in table.all("tr"):
        heads = _heads(row) or heads
        cells = [each for each in row.elements if each.tag == "td"]
        yield from _mixed(cells, [scene.names.sector_named(head) for head in heads], scene)
        yield from _told_faults(cells, scene)
        source = scene.found(row.get("title"))
        if source is not None and isinstance(source.value, Mapping):
            known = {**dict(fields(source.value)), **dict(_beside(source))}
            first = next((cell.text for cell in cells), "")
            known = _beyond(source.value, first, scene.names) or known
            for head, cell in zip(heads, cells, strict=False):
                if not cell.get("title") and not any(each.get("title") for each in cell.walk()):
                    name = head.replace(scene.names.money, "{money}")
                    key = f"{block}/{' '.join(sorted(table.classes))}/{name}"
                    yield from _cell_faults(key, cell.text, known, scene.names)


def fields(record: Object) -> Iterator[tuple[str, object]]:
    """Yield the single values of a record and of the records right in it, by name."""
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}/{inner}", each) for inner, each in fields(value))
        elif isinstance(value, list):
            yield name, value
            for at, each in enumerate(value):
                if isinstance(each, Mapping):
                    yield from ((f"{name}/{at}/{inner}", one) for inner, one in fields(each))
        else:
            yield name, value
    yield from _sums(record)


def _sums(record: Object) -> Iterator[tuple[str, object]]:
    """A line's active weight, and the totals of an allocation's lines."""
    weights = [number(record.get(name)) for name in ("target_weight", "benchmark_weight")]
    if weights[0] is not None and weights[1] is not None:
        yield "active_weight", weights[0] - weights[1]
    if lines := items(record, "lines"):
        yield "sector", "total"
        for name in ("target_weight", "benchmark_weight", "held_weight"):
            rest = (number_of(record, one) or 0.0 for one in _REST.get(name, ()))
            yield name, sum((number_of(each, name) or 0.0 for each in lines), sum(rest))


def _beyond(record: Object, named: str, names: Names) -> dict[str, object]:
    """Return what an allocation holds beyond its sectors; empty for a row of anything else."""
    for at, kind in enumerate(("cash", "outside")):
        if items(record, "lines") and named.strip().casefold() in names.words.called(
            "sector", kind
        ):
            return {"sector": kind} | {name: record.get(_REST[name][at]) for name in _REST}
    return {}


def tells(text: str, field: str, value: object, names: Names, known: Known) -> bool:
    """Tell whether a whole cell is a field's value as it is printed.

    `known` are the row's fields: further numbers in the cell are of them.
    """
    bare = text.strip()
    if value is None:
        return bare in ("", NOTHING)
    if isinstance(value, list):
        return _lists(bare, field, value, names)
    template = opened(names.template(bare)).casefold()
    exact = number(value)
    if exact is not None:
        found = list(numerals(bare, names.language))
        whole = len(found) == 1 and (found[0].start, found[0].end) == (0, len(bare))
        right = bool(found) and any(found[0].tells(exact, each) for each in (*SCALES, *SMALLER))
        return right and (
            whole or (template in names.words.labels.get(field, ()) and _of_row(bare, known, names))
        )
    raw = str(value)
    called = names.sectors.get(raw, frozenset())
    if (
        bare == raw
        or bare.casefold() in names.subject_called(raw)
        or called.issuperset(bare.rsplit(" ", 1))
    ):
        return True
    if [str(day) for day in names.days(bare)] == [raw]:
        return True
    said, plain = names.words.called(field.rsplit("/", 1)[-1], value), names.template(bare)
    return plain.casefold() in said or (template in said and _of_row(bare, known, names))


def _lists(text: str, field: str, value: list[object], names: Names) -> bool:
    """Tell whether a cell names members of a list; of numbered ones the first, in order."""
    if not value:
        return text in ("", NOTHING) or text.casefold() in names.words.called(field, "")
    pieces = _PIECE.split(text) if text else []
    if all(isinstance(each, str) for each in value):
        return all(any(tells(one, field, each, names, {}) for each in value) for one in pieces)
    return len(pieces) <= len(value) and all(
        _member(piece, field, each, names) for piece, each in zip(pieces, value, strict=False)
    )


def _member(piece: str, field: str, each: object, names: Names) -> bool:
    if not isinstance(each, Mapping):
        return tells(piece, field, each, names, {})
    amounts = [value for value in map(number, each.values()) if value is not None]
    found = list(numerals(piece, names.language))
    if not found or not any(found[-1].tells(one, k) for one in amounts for k in SCALES):
        return False
    words = piece[: found[-1].start].strip()
    said = {name: value for name, value in each.items() if isinstance(value, str)}
    return any(tells(words, name, value, names, {}) for name, value in said.items())


def _of_row(text: str, known: Known, names: Names) -> bool:
    """Every numeral of a cell is one of its row's numbers."""
    found = (each for each in numerals(_HORIZON.sub("", text), names.language))
    return all(any(_is(value, each) for value in known.values()) for each in found)


def _heads(row: Element) -> list[str]:
    """The headings of the rows below this one; none where it is no row of headings."""
    found = [" ".join(each.text.split()) for each in row.elements if each.tag == "th"]
    return found if len(found) > 1 else []


def _beside(source: Source) -> Iterator[tuple[str, object]]:
    """Yield what the same list says of the same quadrant at other horizons, and reasons by side."""
    row = source.value if isinstance(source.value, Mapping) else {}
    for each in source.beside:
        if text_of(row, "quadrant") and each.get("quadrant") == row["quadrant"]:
            yield from ((f"{each.get('horizon')}/{name}", one) for name, one in each.items())
    parts = [(number_of(each, "contribution_pct") or 0.0, each) for each in items(row, "reasons")]
    for side, sign in (("reasons+", 1.0), ("reasons-", -1.0)):
        ranked = sorted(parts, key=lambda each: -sign * each[0])
        yield side, [dict(each) for part, each in ranked if sign * part >= _SMALLEST]


def _order_faults(table: Element, scene: Scene) -> Iterator[Fault]:
    ranks = {text_of(row, "sector"): number_of(row, "rank") for row in items(scene.card, "sectors")}
    told = []
    for row in table.all("tr"):
        sources = (scene.found(each.get("title")) for each in row.walk())
        sector = next((each.sector for each in sources if each is not None and each.sector), None)
        told += [ranks.get(sector) or float("inf")] if sector else []
    if told != sorted(told):
        yield Fault("sectors are not in the order of their scores", f"{told}")


def _told_faults(cells: list[Element], scene: Scene) -> Iterator[Fault]:
    """A stance or a kind of limit in a cell is that of the record its row's other cells are of."""
    sources = [scene.found(each.get("title")) for cell in cells for each in cell.walk()]
    rows = [source.above[-1] for source in sources if source is not None and source.above]
    sectors = {source.sector for source in sources if source is not None and source.sector}
    rows += [line for line in items(scene.allocation, "lines") if line.get("sector") in sectors]
    for cell in cells:
        said, whole = unbound(cell).replace(BOUND, "").strip(), BOUND not in unbound(cell)
        for field in ("stance", "kind") if whole else ("stance",):
            known = [text_of(row, field) for row in rows if text_of(row, field)]
            meant = _meant(said, field, scene.names) if known else set()
            if meant and meant.isdisjoint(known):
                yield Fault(f"the {field} of this row is {known[0]}", cell.text)


def _meant(text: str, field: str, names: Names) -> set[str]:
    return {
        key.partition("=")[2]
        for key, known in names.words.labels.items()
        if key.startswith(f"{field}=") and text.casefold() in known
    }


def _mixed(cells: list[Element], columns: list[str | None], scene: Scene) -> Iterator[Fault]:
    """Every bound cell of a row is about the sector the row, or its column, is named after."""
    named = next((scene.names.sector_named(each.text) for each in cells[:2]), None)
    named = named or next((scene.names.sector_named(each.text) for each in cells[1:2]), None)
    for at, cell in enumerate(cells):
        due = columns[at] if at < len(columns) and columns[at] else named
        for each in cell.walk():
            source = scene.found(each.get("title"))
            if source and due and source.sector and source.sector != due:
                yield Fault(f"a cell about {source.sector} stands under {due}", each.text)


def _cell_faults(key: str, text: str, known: Known, names: Names) -> Iterator[Fault]:
    listed = names.words.columns.get(key, frozenset())
    if any(tells(text, name, known.get(name), names, known) for name in listed):
        return
    if text.strip() in ("", NOTHING) and (not listed or any(known.get(n) is None for n in listed)):
        return
    if not listed:
        yield unlisted("columns", key, text)
    elif missing := list(_unlisted(text.strip(), sorted(listed), known, names)):
        yield from missing
    else:
        yield Fault(f"a cell under {key.rsplit('/', 1)[-1]!r} is not its row's", text)


def _unlisted(text: str, listed: list[str], known: Known, names: Names) -> Iterator[Fault]:
    """Yield the words of a cell that no list knows; none where its numbers are already wrong."""
    for field in listed:
        value = known.get(field)
        template = opened(names.template(text))
        if isinstance(value, str | bool):
            raw = str(value).lower() if isinstance(value, bool) else value
            said = template if _of_row(text, known, names) else names.template(text)
            yield unlisted("labels", f"{field.rsplit('/', 1)[-1]}={raw}", said)
        elif value == []:
            yield unlisted("labels", f"{field}=", text)
        elif isinstance(value, list):
            for piece, each in zip(_PIECE.split(text), value, strict=False):
                yield from _unlisted_member(piece, field, each, names)
        elif number(value) is not None and _of_row(text, known, names):
            yield unlisted("labels", field, template)
        if value is not None:
            return


def _unlisted_member(piece: str, field: str, each: object, names: Names) -> Iterator[Fault]:
    if _member(piece, field, each, names):
        return
    if isinstance(each, str):
        yield unlisted("labels", f"{field}={each}", names.template(piece))
    elif isinstance(each, Mapping) and (found := list(numerals(piece, names.language))):
        amounts = [value for value in map(number, each.values()) if value is not None]
        name = next((name for name, value in each.items() if isinstance(value, str)), "")
        if name and any(found[-1].tells(one, k) for one in amounts for k in SCALES):
            words = piece[: found[-1].start].strip()
            yield unlisted("labels", f"{name}={each[name]}", names.template(words))


def _is(value: object, each: Numeral) -> bool:
    exact = number(value)
    return exact is not None and any(each.tells(exact, scale) for scale in (*SCALES, *SMALLER))
