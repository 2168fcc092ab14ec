"""Models that are of no use, each in its own way: too many words, none, the same, or noise."""

import json
from typing import Final

from evals.kit.asked import Asked
from evals.kit.model import KitModel
from evals.kit.planning import sensible_steps, step
from evals.kit.writing import careful_claims, claim

PREAMBLE: Final = (
    "Certainly! This is a great question, and I would be delighted to help with it. Let me think "
    "about it step by step before giving the answer in the form that was asked for.\n\n"
)
AFTERWORD: Final = "\n\nI hope this helps! Let me know if anything else would be of interest."
PADDING: Final = {
    "English": " It is worth bearing in mind that this should always be seen in its wider context.",
    "Vietnamese": " Cần lưu ý rằng điều này luôn nên được xem xét trong bối cảnh chung.",
}
TEXT_CHARS: Final = 400
"""Of one claim (`agents.reporter.ModelClaim`)."""
CLAIMS: Final = 40
"""Of one draft (`agents.reporter.ModelDraft`)."""
REFUSAL: Final = "I'm sorry, but I can't help with that request."
NOISE_CHARS: Final = 4_000


class Verbose(KitModel):
    """Says everything at length: talk around the JSON, a fence, forty claims as long as allowed."""

    def __init__(self, *, seed: int = 0) -> None:
        super().__init__("verbose", seed=seed)

    def answered(self, asked: Asked) -> str:
        """Return a fenced answer in a long talk."""
        if asked.agent == "planner":
            said: object = {"steps": sensible_steps(asked)}
        else:
            claims = careful_claims(asked, noise=1.0, chance=asked.chance(self.seed))
            said = {"claims": [self._padded(row, asked) for row in claims * 2][:CLAIMS]}
        fenced = json.dumps(said, ensure_ascii=False, indent=2)
        return f"{PREAMBLE}```json\n{fenced}\n```{AFTERWORD}"

    @staticmethod
    def _padded(row: dict[str, object], asked: Asked) -> dict[str, object]:
        text, padding = str(row["text"]), PADDING[asked.language]
        return {**row, "text": text + padding * ((TEXT_CHARS - len(text)) // len(padding))}


class Refusing(KitModel):
    """Refuses, politely, whatever it is asked."""

    def __init__(self) -> None:
        super().__init__("refusing")

    def answered(self, asked: Asked) -> str:
        """Return the refusal."""
        del asked
        return REFUSAL


class Looping(KitModel):
    """Says the same thing again and again: one step eight times, one claim forty times."""

    def __init__(self) -> None:
        super().__init__("looping")

    def answered(self, asked: Asked) -> str:
        """Return the same."""
        if asked.agent == "planner":
            universe, sectors = next(iter(asked.sectors.items()))
            same = step("get_sector_overview", universe, "explains", sector=sectors[0])
            return json.dumps({"steps": [same] * 8})
        entity, row = next(iter(asked.rows.items()))
        section = next((name for name, those in asked.sections if entity in those), "rotation")
        text = "{entity} {measure} {value} " * 8
        return json.dumps({"claims": [claim(section, [f"{entity}.{next(iter(row))}"], text)] * 40})


class Garbage(KitModel):
    """Sends bytes that mean nothing, any of the 256."""

    def __init__(self, *, seed: int = 0) -> None:
        super().__init__("garbage", seed=seed)

    def answered(self, asked: Asked) -> str:
        """Return noise, a character a byte."""
        return asked.chance(self.seed).randbytes(NOISE_CHARS).decode("latin-1")
