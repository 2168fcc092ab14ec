import base64
import hashlib
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from app.render.tear.series import TearsheetSeries
from app.render.tearsheet import tearsheet_html
from core.records.backtest import BacktestSpec, Chance, Undefined
from core.records.request import Language
from tests.app.render.html_probe import probe
from tests.app.render.sample_backtest import Sample, sample

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><svg/onload=alert(1)>",
    "{{ 7*7 }} {% raw %}",
)


@pytest.fixture(scope="module")
def made() -> Sample:
    return sample()


@pytest.fixture(scope="module")
def page(made: Sample) -> str:
    return tearsheet_html(made.result, made.series)


def _changed(made: Sample, **changes: object) -> str:
    return tearsheet_html(made.result.model_copy(update=changes), made.series)


def _rows(page: str, table: str) -> list[str]:
    """Return the texts of the table's body, a row a line."""
    body = re.search(rf'<table class="{table}">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert body is not None, table
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", body.group(1), re.DOTALL)
    return [" | ".join(re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)) for line in lines]


def _titles(page: str) -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", page)


def test_the_same_record_and_series_give_the_same_bytes(made: Sample, page: str) -> None:
    assert tearsheet_html(made.result, made.series) == page
    again = sample()
    assert tearsheet_html(again.result, again.series) == page


def test_the_page_asks_for_nothing_and_runs_nothing(page: str) -> None:
    bare = page.replace('xmlns="http://www.w3.org/2000/svg"', "").replace("http-equiv", "")
    assert "http" not in bare
    seen = probe(page).seen
    assert not {tag for tag, _ in seen} & {"script", "iframe", "object", "link", "img", "a"}
    assert not [a for _, a in seen if "style" in a or any(key[:2] == "on" for key in a)]


def test_the_policy_allows_only_the_style_of_the_page(page: str) -> None:
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_from_outside_stay_words(payload: str) -> None:
    plain = sample(bars=600)
    names = {"energy": payload, "banks": "Banks"}
    series = replace(plain.series, market=payload, sectors=names)
    read = probe(tearsheet_html(plain.result, series))
    whole = probe(tearsheet_html(plain.result, replace(plain.series, sectors={"banks": "Banks"})))
    assert [tag for tag, _ in read.seen] == [tag for tag, _ in whole.seen]
    assert any(payload in node.text for node in read.nodes)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_slot_is_left_unfilled(language: Language) -> None:
    each = sample(bars=900, language=language)
    text = " ".join(node.text for node in probe(tearsheet_html(each.result, each.series)).nodes
                    if node.inside("style") is None)  # fmt: skip
    assert not re.findall(r"\{\w*\}|None|nan", text)


def test_synthetic_data_have_a_bar_of_their_own(made: Sample, page: str) -> None:
    assert len(re.findall(r'<p class="synthetic"', page)) == 1
    assert '<p class="synthetic"' not in _changed(made, caveats=("survivorship",))


def test_caveats_stand_above_the_bottom_line(page: str) -> None:
    caveat = page.index("read every return as an upper bound")
    assert caveat < page.index("Bottom line") < page.index("<svg")


def test_a_record_without_caveats_has_no_list_of_them(made: Sample) -> None:
    assert '<ul class="caveats">' not in _changed(made, caveats=())


def test_the_bottom_line_holds_the_records_figures(made: Sample, page: str) -> None:
    lead = made.result.against[0]
    assert lead.ratio_t is not None
    sign = "+" if lead.excess > 0 else "−"
    assert f"It earned {100 * made.result.performance.cagr:.1f}% a year" in page
    assert f": {sign}{abs(100 * lead.excess):.1f}% a year (t " in page
    assert "gone at 23.0 bp a side" in page
    assert "turns over 250% of the portfolio" in page


def test_each_baseline_is_a_row_beside_the_strategy(made: Sample, page: str) -> None:
    rows = _rows(page, "beside")
    assert len(rows) == 1 + len(made.result.baselines)
    assert rows[0].startswith("3-month momentum")
    assert rows[1].startswith("Equal weight")
    assert rows[4].startswith("1-month momentum (reactive)")
    assert rows[5].startswith("Low 3-month volatility")


def test_every_figure_of_luck_has_its_sentence(page: str) -> None:
    rows = _rows(page, "luck")
    assert len(rows) == 7
    assert any("42.0%" in row and "37 trials" in row and "0.55 by luck" in row for row in rows)
    assert any("31%" in row and "70 splits" in row for row in rows)
    assert any(row.count("0.120") == 1 for row in rows)
    assert rows[-1].split(" | ")[1] == "10.0"


def test_an_undefined_figure_says_why(made: Sample) -> None:
    chance = Chance(
        psr=0.9, dsr=None, trials_count=1, luck_sharpe=None, pbo=None, spa_p=None,
        least_bars_count=None,
        undefined=(Undefined(measure="dsr", why="one_trial"),
                   Undefined(measure="least_bars_count", why="not_positive")),
    )  # fmt: skip
    text = _changed(made, chance=chance)
    read = probe(text)
    hatched = [n for n in read.nodes if any(a.get("class", "").endswith("missing") or
               "missing" in a.get("class", "").split() for _, a in n.tags)]  # fmt: skip
    assert [node.text for node in hatched] == ["–"] * 4
    assert "it takes two trials" in text
    assert "the lead is not above zero" in text
    assert "not defined on these bars" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dsr": 0.96, "pbo": 0.2, "spa_p": 0.01}, "good"),
        ({"dsr": 0.96, "pbo": 0.6, "spa_p": 0.01}, "warn"),
        ({"dsr": 0.96, "pbo": 0.2, "spa_p": 0.2}, "warn"),
        ({"dsr": 0.94, "pbo": 0.2, "spa_p": 0.01}, "warn"),
        ({"dsr": None, "pbo": None, "spa_p": None}, "warn"),
        ({"dsr": 0.96, "pbo": None, "spa_p": None, "trials_count": 1}, "warn"),
        ({"dsr": 0.96, "pbo": None, "spa_p": None}, "good"),
    ],
)
def test_the_lamp_is_lit_by_all_figures_together(
    made: Sample, changes: dict[str, float | None], said: str
) -> None:
    ahead = tuple(row.model_copy(update={"excess": 0.02}) for row in made.result.against)
    text = _changed(made, against=ahead, chance=made.result.chance.model_copy(update=changes))
    assert re.findall(r'class="lamp (\w+)"', text) == [said]


def test_no_figure_lights_the_lamp_of_a_strategy_behind_equal_weight(made: Sample) -> None:
    behind = tuple(row.model_copy(update={"excess": -0.001}) for row in made.result.against)
    lucky = made.result.chance.model_copy(update={"dsr": 0.99, "pbo": 0.0, "spa_p": 0.0})
    text = _changed(made, against=behind, chance=lucky)
    assert re.findall(r'class="lamp (\w+)"', text) == ["bad"]
    assert "It did not beat equal weight" in text


def test_parts_the_record_lacks_are_left_out(made: Sample) -> None:
    bare = _changed(
        made, effects=(), factor_effects=(), regimes=(), offsets=(), decay=(), break_even_bps=None
    )
    missing = {"Where the lead came from: sectors", "Where the allocation came from: factors",
               "By state of the market", "Other days, later fills"}  # fmt: skip
    assert missing <= set(_titles(tearsheet_html(made.result, made.series)))
    assert not missing & set(_titles(bare))


def test_a_history_under_three_years_has_no_rolling_chart() -> None:
    short = sample(bars=600)
    assert "Lead over equal weight, three years at a time" not in _titles(
        tearsheet_html(short.result, short.series)
    )


def test_days_kept_back_are_shaded_from_their_first(made: Sample, page: str) -> None:
    series = replace(made.series, holdout=date(2016, 1, 4))
    shaded = tearsheet_html(made.result, series)
    assert shaded.count("kept back from development, from 4 Jan 2016") == 4
    assert "kept back" not in page
    after = replace(made.series, holdout=date(2030, 1, 1))
    assert tearsheet_html(made.result, after) == page


def test_the_months_are_the_strategys(made: Sample, page: str) -> None:
    rows = _rows(page, "months")
    wealth = (1.0 + made.series.strategy).groupby(made.series.dates.to_period("M")).prod()
    march = 100.0 * (float(wealth.to_numpy()[0]) - 1.0)
    cells = rows[0].split(" | ")
    assert cells[0] == "2013"
    assert cells[1:3] == ["", ""]
    assert cells[3].replace("−", "-") == f"{march:.1f}"


def test_only_the_newest_years_are_printed_month_by_month() -> None:
    long = sample(bars=600)
    dates = pd.date_range("1950-01-31", periods=600, freq="ME")
    moved = long.series.baselines.set_axis(dates)
    series = replace(long.series, strategy=long.series.strategy.set_axis(dates), baselines=moved,
                     bars_a_year=12.0)  # fmt: skip
    page = tearsheet_html(long.result, series)
    rows = _rows(page, "months")
    assert (len(rows), rows[0][:4], rows[-1][:4]) == (25, "1975", "1999")
    assert "the last 25 of 50 years" in page


def test_numbers_are_written_the_readers_way() -> None:
    each = sample(bars=900, language="vi")
    page = tearsheet_html(each.result, each.series)
    assert '<html lang="vi">' in page
    assert "42,0%" in page
    assert "42.0%" not in page


def test_a_spec_with_every_choice_is_told_in_words(made: Sample, page: str) -> None:
    told = (
        "the best 2, in equal parts", "decided monthly", "filled at the close after the decision",
        "10.0 bp a side",
        "50% of the last targets kept", "changes under 1.0%",
    )  # fmt: skip
    assert [said for said in told if said not in page] == []
    plain = BacktestSpec(signal="combo", lag_bars=0)
    text = _changed(made, spec=plain)
    for said in ("tilted by rank", "filled at the close it is decided on", "own costs",
                 "Momentum of five windows"):  # fmt: skip
        assert said in text


def test_a_fall_not_made_good_says_so(made: Sample) -> None:
    worst = tuple(span.model_copy(update={"recovered": None}) for span in made.result.worst)
    assert _changed(made, worst=worst).count("not yet") == 5


def test_every_picture_says_in_words_what_it_shows(page: str) -> None:
    drawings = [attrs for tag, attrs in probe(page).seen if tag == "svg" and "role" in attrs]
    assert len(drawings) == 10
    assert all(attrs.get("aria-label") for attrs in drawings)


def test_the_sum_of_effects_is_printed(made: Sample, page: str) -> None:
    total = sum(e.allocation + e.selection + e.cost for e in made.result.effects)
    assert f"All together: {'+' if total > 0 else '−'}{abs(100 * total):.2f}%" in page


def test_series_that_do_not_fit_are_refused(made: Sample) -> None:
    series = made.series
    with pytest.raises(ValueError, match="must have the dates of the strategy"):
        replace(series, strategy=series.strategy.iloc[1:])
    with pytest.raises(ValueError, match="must hold equal_weight"):
        replace(series, baselines=series.baselines.drop(columns="equal_weight"))
    with pytest.raises(ValueError, match="none of them NaN"):
        replace(series, strategy=series.strategy * np.nan)
    with pytest.raises(ValueError, match="finite or NaN"):
        replace(series, baselines=series.baselines * np.inf)
    with pytest.raises(ValueError, match="index must be dates"):
        TearsheetSeries(series.strategy.reset_index(drop=True), series.baselines, 252.0, "x")


def test_a_baseline_that_starts_late_is_drawn_from_its_start(made: Sample) -> None:
    late = made.series.baselines.copy()
    late.loc[late.index[:400], "momentum:12"] = np.nan
    page = tearsheet_html(made.result, replace(made.series, baselines=late))
    assert "NaN" not in page
