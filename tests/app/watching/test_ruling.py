from pathlib import Path

import pytest

from app.alerting.records import AlertKind
from app.watching.ruling import load_rules
from core.errors import CallerError


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_packaged_rules_hold_one_for_every_kind() -> None:
    assert set(load_rules().rules) == set(AlertKind.__args__)  # type: ignore[attr-defined]  # a Literal


def test_a_users_keys_go_over_the_packaged_ones_one_by_one(tmp_path: Path) -> None:
    own = load_rules(written(tmp_path, "pushes_a_day = 1\n[rules.flow_turn]\nthreshold = 9"))
    packaged = load_rules()
    assert own.pushes_a_day == 1
    assert own.rules["flow_turn"] == packaged.rules["flow_turn"].model_copy(
        update={"threshold": 9.0}
    )
    assert own.rules["early_warning"] == packaged.rules["early_warning"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[rules.flow_turn]\nthreshhold = 9", "rules.flow_turn.threshhold: no such key"),
        ("[rules.flow]\non = true", "rules.flow"),
        ("[rules.flow_turn]\nlook = '15min'", "rules.flow_turn.look: input should be 'daily'"),
        ("timezone = 'Asia/Saigonn'", "timezone: no time zone is called 'Asia/Saigonn'"),
        ("[quiet]\nsince = '25:00'", "quiet.since"),
        ("pushes_a_day = ", "is not TOML"),
    ],
)
def test_a_file_that_says_nothing_is_refused_with_the_place(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(CallerError) as refused:
        load_rules(written(tmp_path, text))
    assert said in str(refused.value)
