from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MandateError
from core.portfolio.scoring import scorecard
from core.portfolio.weighing import PACKAGED
from core.records.decision import Scorecard, SectorScore
from core.records.mandate import FactorPreference
from core.records.result import FactorValue, GapReason
from core.records.scoring import FactorWeight, ScoringResult
from core.records.sectors import Skill
from core.records.universe import Universe
from tests.core.market import universe

AS_OF = date(2024, 6, 28)
TOY = universe(("a", "b", "c", "d"))


def cell(
    factor: str, sector: str, value: float | None, reason: GapReason | None = None
) -> FactorValue:
    family = "foreign_flow" if factor.startswith("foreign") else "momentum"
    return FactorValue(sector=sector, family=family, factor=factor, value=value, reason=reason)


def row_of(factor: str, *values: float) -> list[FactorValue]:
    return [cell(factor, name, value) for name, value in zip("abcd", values, strict=False)]


def inputs_of(weights: dict[str, float], t: float | None = None, ic: float = 0.03) -> ScoringResult:
    skill = Skill(
        horizon="1M",
        ic_mean_index=ic,
        ic_t_index=t,
        hit_fraction=0.5,
        dates_count=100,
        momentum_ic_mean_index=0.02,
    )
    return ScoringResult(
        tool="get_scoring_inputs",
        universe="toy",
        universe_hash=TOY.content_hash(),
        as_of=AS_OF,
        known_at=AS_OF,
        currency="VND",
        synthetic=True,
        horizon="1M",
        weights=tuple(
            FactorWeight(factor=factor, family="momentum", weight=weight)
            for factor, weight in weights.items()
        ),
        trained_until=date(2024, 5, 31),
        skill=() if t is None else (skill,),
    )


def carded(
    factors: list[FactorValue], inputs: ScoringResult | None, of: Universe = TOY
) -> Scorecard:
    return scorecard(of, factors, inputs, as_of=AS_OF, horizon="1M")


def on(card: Scorecard, sector: str) -> SectorScore:
    return next(row for row in card.sectors if row.sector == sector)


def test_a_score_is_the_sum_of_weight_times_z_by_hand() -> None:
    factors = row_of("up", 1.0, 2.0, 3.0, 4.0) + row_of("down", 5.0, 5.0, 5.0, 9.0)
    card = carded(factors, inputs_of({"up": 0.2, "down": -0.1}))
    up = (np.arange(4) - 1.5) / np.sqrt(1.25)
    down = np.array([-1.0, -1.0, -1.0, 3.0]) / np.sqrt(3.0)
    wanted = 0.2 * up - 0.1 * down
    assert [on(card, name).score for name in "abcd"] == pytest.approx(list(wanted), abs=1e-9)
    parts = {part.factor: part.contribution for part in on(card, "d").contributions}
    assert parts["up"] == pytest.approx(0.2 * up[3])
    assert [row.rank for row in card.sectors] == [1, 2, 3, 4]
    assert card.weights_source == "learned"
    assert card.trained_until == date(2024, 5, 31)


def test_equal_scores_rank_by_id() -> None:
    card = carded(row_of("up", 1.0, 1.0 + 1e-13, 1.0, 2.0), inputs_of({"up": 1.0}))
    assert [row.sector for row in card.sectors] == ["d", "a", "b", "c"]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    values=st.lists(st.floats(-50, 50), min_size=8, max_size=8),
    order=st.permutations(range(8)),
    names=st.permutations("abcd"),
)
def test_the_order_of_evidence_and_sectors_changes_no_bit(
    values: list[float], order: list[int], names: list[str]
) -> None:
    factors = row_of("up", *values[:4]) + row_of("down", *values[4:])
    inputs = inputs_of({"up": 0.37, "down": -0.11}, t=1.0)
    card = carded(factors, inputs)
    turned = inputs.model_copy(update={"weights": inputs.weights[::-1]})
    other = carded([factors[place] for place in order], turned, universe(tuple(names)))
    assert other.sectors == card.sectors
    assert other.top3_stability == card.top3_stability


def test_the_same_value_from_two_tools_counts_once_and_a_known_one_wins() -> None:
    factors = row_of("up", 1.0, 2.0, 3.0, 4.0)
    inputs = inputs_of({"up": 1.0})
    doubled = [*factors, *factors, cell("up", "b", None, "timeout")]
    assert carded(doubled, inputs) == carded(factors, inputs)


def test_of_two_values_that_differ_the_same_one_counts_in_any_order() -> None:
    factors = [*row_of("up", 1.0, 2.0, 3.0, 4.0), cell("up", "b", 9.0)]
    inputs = inputs_of({"up": 1.0})
    assert carded(factors, inputs) == carded(factors[::-1], inputs)


def test_confidence_is_weight_present_times_record() -> None:
    factors = [*row_of("up", 1.0, 2.0, 3.0, 4.0), *row_of("down", 1.0, 2.0, 4.0)]
    weights = {"up": 0.3, "down": -0.1}
    for t, record in ((None, 0.5), (-3.0, 0.5), (1.0, 0.75), (2.0, 1.0), (9.0, 1.0)):
        card = carded(factors, inputs_of(weights, t=t))
        assert on(card, "a").confidence == pytest.approx(record)
        assert on(card, "d").confidence == pytest.approx(0.75 * record)
        assert on(card, "d").missing == ("down",)


def test_under_half_the_weight_is_unscored_with_the_commonest_reason() -> None:
    factors = [
        *row_of("up", 1.0, 2.0, 3.0),
        cell("up", "d", None, "stale"),
        *row_of("down", 1.0, 2.0, 3.0),
        cell("down", "d", None, "stale"),
        *row_of("side", 1.0, 2.0, 3.0, 4.0),
    ]
    card = carded(factors, inputs_of({"up": 0.4, "down": 0.2, "side": 0.5}))
    assert (on(card, "d").score, on(card, "d").rank, on(card, "d").reason) == (None, None, "stale")
    assert card.sectors[-1].sector == "d"
    assert on(carded(factors, inputs_of({"up": 0.4, "side": 0.5})), "d").rank is not None


def test_missing_is_never_neutral() -> None:
    factors = [*row_of("up", 1.0, 2.0, 3.0), cell("up", "d", None, "too_short")]
    part = on(carded(factors, inputs_of({"up": 1.0})), "d").contributions[0]
    assert (part.z, part.contribution, part.reason) == (None, None, "too_short")


def test_two_sectors_do_not_make_a_comparison() -> None:
    card = carded(row_of("up", 1.0, 2.0), inputs_of({"up": 1.0}))
    assert all(row.score is None for row in card.sectors)


def test_a_sector_listed_later_is_not_scored() -> None:
    late = TOY.sectors[0].model_copy(update={"listed_from": date(2024, 7, 1)})
    of = TOY.model_copy(update={"sectors": (late, *TOY.sectors[1:])})
    card = carded(row_of("up", 1.0, 2.0, 3.0, 4.0), inputs_of({"up": 1.0}), of)
    assert on(card, "a").reason == "not_listed"
    assert on(card, "a").score is None


@pytest.mark.parametrize("inputs", [None, inputs_of({}, t=2.0)])
def test_without_learned_weights_the_packaged_ones_are_named(inputs: ScoringResult | None) -> None:
    factors = [
        cell(row.factor, name, float(k)) for row in PACKAGED for k, name in enumerate("abcd")
    ]
    card = carded(factors, inputs)
    assert (card.weights_source, card.skill, card.trained_until) == ("packaged", None, None)
    assert on(card, "d").rank == 1
    assert on(card, "d").confidence == 0.5
    assert sum(row.weight for row in PACKAGED) == pytest.approx(1.0)
    closed = TOY.model_copy(update={"foreign_flow": False})
    used = {part.factor for part in on(carded(factors, inputs, closed), "a").contributions}
    assert "foreign_intensity_20d" not in used
    assert "momentum_12m" in used


def test_stability_is_whole_when_one_factor_decides_and_less_when_two_disagree() -> None:
    up, down = row_of("up", 1.0, 2.0, 3.0, 4.0), row_of("down", 4.0, 3.0, 2.0, 1.2)
    assert carded(up, inputs_of({"up": 1.0})).top3_stability == 1.0
    shaky = carded(up + down, inputs_of({"up": 1.0, "down": 1.0})).top3_stability
    assert shaky is not None
    assert 0.0 < shaky < 1.0
    assert carded(up[:3], inputs_of({"up": 1.0})).top3_stability is None


def test_a_card_from_json_is_the_same_card() -> None:
    factors = row_of("up", 0.1, 1 / 3, np.pi, -1e-17)
    inputs = inputs_of({"up": 1 / 7}, t=1.234567890123)
    sent = [FactorValue.model_validate_json(value.model_dump_json()) for value in factors]
    received = ScoringResult.model_validate_json(inputs.model_dump_json())
    assert carded(sent, received).canonical_json() == carded(factors, inputs).canonical_json()


def preferred(**weights: float) -> tuple[FactorPreference, ...]:
    return tuple(FactorPreference(factor=name, weight=value) for name, value in weights.items())


def test_weights_the_user_fixed_replace_the_learned_ones_and_have_no_record() -> None:
    factors = row_of("up", 1.0, 2.0, 3.0, 4.0) + row_of("down", 4.0, 3.0, 2.0, 1.0)
    inputs = inputs_of({"up": 1.0}, t=2.0)
    card = scorecard(
        TOY, factors, inputs, as_of=AS_OF, horizon="1M", fixed=preferred(down=0.5, up=0.1)
    )
    assert (card.weights_source, card.skill, card.trained_until) == ("mandate", None, None)
    assert [row.sector for row in card.sectors] == list("abcd")
    parts = {part.factor: (part.weight, part.family) for part in on(card, "a").contributions}
    assert parts == {"down": (0.5, "momentum"), "up": (0.1, "momentum")}
    assert on(card, "a").confidence == 0.5


def test_a_fixed_factor_without_a_value_is_missing_not_unknown() -> None:
    factors = row_of("up", 1.0, 2.0, 3.0, 4.0)
    fixed = preferred(up=0.6, momentum_12m=0.4)
    card = scorecard(TOY, factors, None, as_of=AS_OF, horizon="1M", fixed=fixed)
    assert on(card, "a").missing == ("momentum_12m",)
    assert on(card, "a").confidence == pytest.approx(0.5 * 0.6)


def test_a_fixed_weight_of_no_factor_is_refused_with_those_there_are() -> None:
    with pytest.raises(MandateError, match=r"factor_weights: luck is no factor; factors are .*up"):
        scorecard(
            TOY, row_of("up", 1.0, 2.0, 3.0, 4.0), None,
            as_of=AS_OF, horizon="1M", fixed=preferred(luck=1.0, up=1.0),
        )  # fmt: skip
