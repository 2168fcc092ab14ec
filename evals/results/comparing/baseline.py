"""The values a later run is held against, by case and scorer; what is worse, the gate decides."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from app.writing import write_whole
from core.errors import CallerError
from core.records.record import Fraction, Record, Slug
from evals.records import CaseId
from evals.results.comparing.means import Mean, clustered
from evals.results.records import Marked, Results, told_of

BASELINE: Final = Path(__file__).parents[2] / "baselines" / "offline.json"
"""The committed baseline."""


class Baseline(Record):
    """What was scored of each case; a scorer that had nothing to judge is not named."""

    sectorwise: str
    values: dict[CaseId, dict[Slug, Fraction]]

    def mean(self, cases: Iterable[Marked], scorer: str) -> Mean | None:
        """Return the mean over those of the cases it knows, None where it knows none.

        So that a run of some cases, or of new ones, is held against the same.
        """
        known = [(case.base, self.values[case.id]) for case in cases if case.id in self.values]
        if not known:
            return None
        scored = [(base, values[scorer]) for base, values in known if scorer in values]
        mean, error = clustered(scored)
        return Mean(mean=mean, error=error, count=len(scored), unscored=len(known) - len(scored))


def baseline_of(results: Results) -> Baseline:
    """Return what a run scored, rounded to six digits."""
    return Baseline(
        sectorwise=results.sectorwise,
        values={
            case.id: {
                name: round(value, 6) for name, value in case.values().items() if value is not None
            }
            for case in results.cases
        },
    )


def read_baseline(path: Path = BASELINE) -> Baseline | None:
    """Return the baseline of a file, None where there is none yet.

    Raises:
        CallerError: it cannot be read, or holds something else.
    """
    if not path.exists():
        return None
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CallerError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise CallerError(f"{path.name} is no baseline{told_of(error)}") from error


def write_baseline(baseline: Baseline, path: Path = BASELINE) -> None:
    """Write the baseline, a case a line, so that a change of it can be read."""
    rows = (
        f"  {json.dumps(case)}: {json.dumps(values)}"
        for case, values in sorted(baseline.values.items())
    )
    text = ",\n".join(rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = json.dumps(baseline.sectorwise)
    told = f'{{\n "sectorwise": {head},\n "values": {{\n{text}\n }}\n}}\n'
    write_whole(path, told.encode())
