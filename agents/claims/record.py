"""Claims of the forecast's own record: what it was, and whether it is more than chance."""

from typing import Literal

from agents.claims.maker import Maker
from core.records.evidence import Evidence, Fact
from core.records.report import Claim, Section
from core.records.scoring import ScoringResult
from core.records.sectors import HeatmapResult, Skill

Verdict = Literal["short", "chance", "wrong", "behind", "better"]

CHANCE_T = 2.0
"""Newey-West t of the information coefficient from which a record is told from chance, about 5 %
two-sided under the normal distribution."""


def verdict(skill: Skill) -> Verdict:
    """Return what the record amounts to, against chance and against plain 12-month momentum.

    Without a t there are too few dates to judge; without momentum's IC, better is than chance
    alone, with it only where the difference is told from chance too.
    """
    if skill.ic_t_index is None:
        return "short"
    if abs(skill.ic_t_index) < CHANCE_T:
        return "chance"
    if skill.ic_mean_index < 0:
        return "wrong"
    if skill.momentum_ic_mean_index is None:
        return "better"
    gap = skill.momentum_gap_t_index
    return "better" if gap is not None and gap >= CHANCE_T else "behind"


def skill_claim(maker: Maker, section: Section, key: str) -> list[Claim]:
    """Return the verdict on the asked horizon's record: mean IC beside momentum's, if known."""
    found = _skill(maker)
    if found is None:
        return []
    item, place, skill = found
    if skill.momentum_ic_mean_index is None:
        alone = _facts(maker, item, place, ("ic_mean_index",))
        return maker.claim(section, f"{key}_{verdict(skill)}_alone", *alone)
    names = ("ic_mean_index", "momentum_ic_mean_index")
    return maker.claim(section, f"{key}_{verdict(skill)}", *_facts(maker, item, place, names))


def unskilled(maker: Maker) -> list[Claim]:
    """Return the warning that the record is absent, chance or worse; nothing when it is more."""
    found = _skill(maker)
    if found is None:
        horizon = maker.material.scored(maker.universe.id, "horizon")
        return maker.claim("warning", "warning.unproven", horizon)
    item, place, skill = found
    if skill.ic_t_index is None:
        return maker.claim(
            "warning", "warning.unproven", *_facts(maker, item, place, ("dates_count",))
        )
    if verdict(skill) not in {"chance", "wrong"}:
        return []
    names = ("hit_fraction", "ic_t_index")
    return maker.claim("warning", "warning.no_skill", *_facts(maker, item, place, names))


def record(maker: Maker, section: Section) -> list[Claim]:
    """Return the asked horizon's record in full."""
    found = _skill(maker)
    if found is None:
        return []
    item, place, _ = found
    full = ("ic_mean_index", "dates_count", "ic_t_index", "hit_fraction", "momentum_ic_mean_index")
    return maker.claim(section, "forecast.record", *_facts(maker, item, place, full)) or (
        maker.listing(section, "listing.facts", *_facts(maker, item, place, full[:4]))
    )


def answered(maker: Maker) -> list[Claim]:
    """Return the record and its verdict, as an answer."""
    return [*record(maker, "answer"), *skill_claim(maker, "answer", "headline.record")]


def _skill(maker: Maker) -> tuple[Evidence, int, Skill] | None:
    horizon, universe = maker.material.request.horizon, maker.universe.id
    for item in maker.material.evidence:
        result = item.result
        if result.universe == universe and isinstance(result, HeatmapResult | ScoringResult):
            for place, skill in enumerate(result.skill):
                if skill.horizon == horizon:
                    return item, place, skill
    return None


def _facts(maker: Maker, item: Evidence, place: int, names: tuple[str, ...]) -> list[Fact | None]:
    return [maker.material.at(item, "skill", place, name) for name in names]
