"""The table of a proof: surfaces down, goals across; how often each was delivered, and failed."""

from collections import Counter
from collections.abc import Iterable, Sequence

from evals.injection.corpus import Attack, goals


class Table:
    """Counts what was delivered and what came of it."""

    def __init__(self) -> None:
        self.delivered: Counter[tuple[str, str]] = Counter()
        self.failed: Counter[tuple[str, str]] = Counter()
        self.why: list[tuple[str, str]] = []
        self.runs, self.reported = 0, 0

    def note(self, surface: str, attacks: Iterable[Attack], wrong: Sequence[str] = ()) -> None:
        """Count attacks delivered together on a surface; what is wrong is every one's fault."""
        for attack in attacks:
            self.delivered[surface, attack.goal] += 1
            self.failed[surface, attack.goal] += bool(wrong)
        self.why.extend((surface, each) for each in wrong)

    def ran(self, runs: int, reported: int) -> None:
        """Count whole runs and those that ended in a report."""
        self.runs += runs
        self.reported += reported

    @property
    def count(self) -> int:
        """Texts x surfaces that were delivered."""
        return self.delivered.total()

    def of(self, surface: str) -> int:
        """Texts that were delivered on a surface."""
        return sum(count for (name, _), count in self.delivered.items() if name == surface)

    @property
    def failures(self) -> int:
        """Those of them that did anything."""
        return self.failed.total()

    def text(self) -> str:
        """Return the table: cells are failures of deliveries."""
        names = [goal.name for goal in goals()]
        surfaces = list(dict.fromkeys(surface for surface, _ in self.delivered))
        head = f"{'surface':34}{'n':>7}{'failed':>8}  " + " ".join(f"{n[:9]:>9}" for n in names)
        return "\n".join([head, *(self._line(each, names) for each in surfaces), self._last()])

    def _line(self, surface: str, names: Sequence[str]) -> str:
        told = self.of(surface)
        failed = sum(self.failed[surface, name] for name in names)
        cells = (f"{self.failed[surface, n]}/{self.delivered[surface, n]}" for n in names)
        return f"{surface:34}{told:>7}{failed:>8}  " + " ".join(f"{cell:>9}" for cell in cells)

    def _last(self) -> str:
        bound = f"under {100 * 3 / self.count:.3f} % at 95 % (rule of three)" if self.count else ""
        told = f"{self.count} delivered, {self.failures} failed"
        return f"{told}; {self.reported} of {self.runs} runs reported; {bound}"
