"""What makes many units cheap: layouts remembered by the lengths of values, and a plan that is small in a pipe."""

import pickle
import shutil
from dataclasses import replace
from pathlib import Path

from conftest import GOLDEN
from hypothesis import given, settings
from hypothesis import strategies as some

from generator.dispatch.load import load_dispatch
from generator.kits import kinds
from generator.kits.plan import plan
from generator.word.page.layout import alike, break_lines

# Letters and digits of every width, marks that break otherwise, and the rest of what a roster may hold.
TEXTS = some.text(
    some.one_of(some.sampled_from("甲乙丙省，。、（）《》“”—…·-/ \tabcIJMW019.@&"), some.characters()), max_size=90
)
DISPATCH = load_dispatch(GOLDEN / "letters-to-units")


@given(TEXTS, some.integers(0, 700))
def test_a_text_and_its_stand_in_break_at_the_same_places(text: str, first: int) -> None:
    lines = [len(line) for line in break_lines(text, 8844 - first, first)]
    assert [len(line) for line in break_lines(alike([text])[0], 8844 - first, first)] == lines


def test_names_of_one_length_share_a_stand_in() -> None:
    assert alike(["甲市教育局", "12"]) == alike(["乙县民政厅", "97"])
    assert alike(["甲市"]) != alike(["甲（"])


@settings(deadline=None, max_examples=30)
@given(some.lists(TEXTS.map(lambda text: text.strip() or "甲"), min_size=2, max_size=6))
def test_a_remembered_layout_is_the_computed_one(values: list[str]) -> None:
    first = DISPATCH.units[0]
    units = [first.model_copy(update={"name": text, "columns": {**first.columns, "协同单位": text}}) for text in values]
    (remembering,) = kinds.documents(replace(DISPATCH, units=tuple(units)), ["notice"])
    for unit in units:
        (fresh,) = kinds.documents(DISPATCH, ["notice"])
        assert remembering.shape(unit) == fresh.shape(unit)


def test_a_worker_gets_few_bytes_a_unit(tmp_path: Path) -> None:
    folder = tmp_path / "dispatch"
    shutil.copytree(GOLDEN / "letters-to-units", folder)
    with open(folder / "units.csv", "a", encoding="utf-8") as file:
        file.writelines(f"C{number:03d},第{number}县教育局,第{number}县,市教育局,5,某学会\n" for number in range(300))
    dispatch = load_dispatch(folder)
    small = replace(dispatch, units=dispatch.units[:3])
    whole = plan(dispatch)
    assert (len(pickle.dumps(whole)) - len(pickle.dumps(plan(small)))) / 300 < 500
    # It is the places of the roster's cells that stay behind, and no others.
    copy = pickle.loads(pickle.dumps(dispatch))
    assert copy.where("units", 2, "name") == copy.where("units") == dispatch.where("units")
    assert copy.where("forms", "list", "title") == dispatch.where("forms", "list", "title")
