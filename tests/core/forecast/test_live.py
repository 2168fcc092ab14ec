from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from core.errors import DataError
from core.forecast.dataset import decision_set
from core.forecast.live import Speaker
from core.forecast.model import ForecastModel
from core.forecast.study import study
from core.forecast.views import packaged_learners
from core.forecast.walkforward import COST, fit
from core.panel import MarketPanels
from core.records.result import FactorValue
from core.signals.catalogue import factor_values
from core.signals.cross_section import weighted_sum, z_table
from tests.core.market import Spec, market


@cache
def toy() -> MarketPanels:
    return market(Spec(n_sessions=1100))


@cache
def toy_model() -> ForecastModel:
    return fit(toy())


def said(as_of: date) -> tuple[FactorValue, ...]:
    factors = factor_values(toy(), as_of=as_of)
    return factors + Speaker.at(toy_model(), toy(), as_of=as_of).values()


def test_what_is_said_live_is_what_the_record_was_made_of() -> None:
    decisions = decision_set(toy())
    predicted = study(
        decisions,
        "1M",
        last=toy().last,
        learners=packaged_learners,
        cost=COST,
        tell=lambda _: None,
    ).predicted
    for stamp in predicted.index[[-60, -40, -1]]:
        as_of = stamp.date()
        z = z_table(said(as_of), toy().universe.sector_ids)
        weights = toy_model().weights("1M", as_of)
        for sector in toy().universe.sector_ids:
            live = weighted_sum(weights, {factor: row[sector] for factor, row in z.items()})
            assert live == pytest.approx(predicted.loc[stamp, sector], abs=5e-8)


def test_nothing_later_changes_what_is_said() -> None:
    as_of = toy().sectors.closes.index[1000].date()
    whole = Speaker.at(toy_model(), toy(), as_of=as_of)
    cut = Speaker.at(toy_model(), toy().until(as_of), as_of=as_of)
    assert whole.values() == cut.values()
    assert whole.reasons("1M") == cut.reasons("1M")


def test_reasons_add_up_to_what_the_views_that_can_tell_contribute() -> None:
    as_of = toy().last
    speaker = Speaker.at(toy_model(), toy(), as_of=as_of)
    reasons = speaker.reasons("1M")
    assert any(reasons.values())
    for rows in reasons.values():
        parts = [row.contribution_pct for row in rows]
        assert parts == sorted(parts, reverse=True)
        assert len(rows) <= 6


def test_a_feature_that_no_longer_exists_silences_its_view() -> None:
    folds = tuple(
        fold.model_copy(update={"features": (*fold.features[:-1], "gone")})
        for fold in toy_model().views
    )
    model = toy_model().model_copy(update={"views": folds})
    values = Speaker.at(model, toy(), as_of=toy().last).values()
    assert values
    assert all(cell.value is None and cell.reason == "too_short" for cell in values)


def test_a_damaged_artifact_is_refused_by_name() -> None:
    digest = toy_model().views[-1].sha256
    for bad in ("", "AAAA", toy_model().artifacts[digest][:-8]):
        model = toy_model().model_copy(update={"artifacts": {digest: bad}})
        with pytest.raises(DataError, match="run `sectorwise fit`"):
            Speaker.at(model, toy(), as_of=toy().last).values()


def test_an_unknown_learner_is_refused_by_name() -> None:
    folds = tuple(fold.model_copy(update={"learner": "stranger"}) for fold in toy_model().views)
    model = toy_model().model_copy(update={"views": folds})
    with pytest.raises(DataError, match="stranger"):
        Speaker.at(model, toy(), as_of=toy().last).values()


def test_members_are_learned_on_where_sectors_are_made_of_them() -> None:
    kinds = {(fold.kind, fold.learner) for fold in toy_model().views}
    assert kinds == {
        ("members", "ridge"),
        ("members", "trees"),
        ("sectors", "momentum"),
        ("sectors", "calm"),
    }
    alone = fit(replace(toy(), stocks=None, members=None))
    assert {fold.kind for fold in alone.views} == {"sectors"}


def test_a_week_in_progress_speaks_from_its_last_session_and_the_weeks_before() -> None:
    index = pd.DatetimeIndex(toy().sectors.closes.index)
    wednesday = next(stamp for stamp in reversed(index) if stamp.day_of_week == 2)
    values = Speaker.at(toy_model(), toy(), as_of=wednesday.date()).values()
    assert any(cell.value is not None for cell in values)
    known = [cell.value for cell in values if cell.value is not None]
    assert np.isfinite(known).all()
