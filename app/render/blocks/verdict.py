"""What a forecast's record amounts to, in words: the page's verdict is the text's own."""

from agents.claims.record import verdict
from app.render.words import Words
from core.records.sectors import Skill


def verdict_text(skill: Skill, words: Words) -> str:
    """Return whether the record is told from chance, and from plain 12-month momentum's."""
    match verdict(skill):
        case "short":
            return words.text("skill_short")
        case "chance":
            return words.text("skill_chance")
        case "wrong":
            return words.text("skill_wrong")
        case "behind":
            momentum = skill.momentum_ic_mean_index or 0.0
            ahead = skill.ic_mean_index > momentum
            return words.text("skill_momentum" if ahead else "skill_below")
        case "better":
            alone = skill.momentum_ic_mean_index is None
            return words.text("skill_yes" if alone else "skill_better")
