"""Rubrics as people write them: texts, lists, objects, marks in every usual place."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scoring.batch import BadLine, Item, parse, score_item
from bot.scoring.essence import essence
from bot.scoring.rubric import read_rubric
from bot.scoring.rubric_marks import NotARubric

SHARE, SWITCH = "Threads share memory", "No page table switch"
BOTH = [(SHARE, 5.0), (SWITCH, 10.0)]


def points(value: object) -> list[tuple[str, float | None]]:
    return [(c.statement, c.marks) for c in read_rubric(value)]


@pytest.mark.parametrize(
    "rubric",
    [
        f"{SHARE} (5 points)\n{SWITCH} (10 points)",
        f"{SHARE} (5 points), {SWITCH} (10 points)",
        f"{SHARE} [5]. {SWITCH} [10].",
        f"5 points: {SHARE}\n10 points: {SWITCH}",
        f"5 marks for {SHARE} and 10 marks for {SWITCH}",
        f"Award 5 points for {SHARE}. Award 10 points for {SWITCH}. Deduct 2 points if the order is wrong.",
        f"+5 {SHARE}\n+10 {SWITCH}\n-5 if claims that processes share memory",
        f"- {SHARE}: 5\n- {SWITCH}: 10",
        f"- 5 points for {SHARE}\n- 10 points for {SWITCH}",
        f"Total: 15 points\n1. {SHARE} (5 pts)\n2. {SWITCH} (10 pts)\n- 10 if no explanation is given",
        f"a) {SHARE} (5) b) {SWITCH} (10)",
        f"Part a (15 points):\n  i) {SHARE} (5)\n  ii) {SWITCH} (10)",
        f"| Criterion | Points |\n|---|---|\n| {SHARE} | 5 |\n| {SWITCH} | 10 |",
        [f"{SHARE} (5 points)", f"{SWITCH} [10]", "-5 if the order is wrong"],
        [f"{SHARE} (5 points)\n{SWITCH} (10 points)"],
        [{"description": SHARE, "marks": 5}, {"criterion": SWITCH, "score": "10 points"}],
        [{"point": SHARE, "value": 5}, {"name": SWITCH, "max_points": 10}, {"text": "Wrong unit", "points": -5}],
        [[SHARE, 5], [10, SWITCH]],
        f"Award up to 15 points for cost: {SHARE} (5), {SWITCH} (10).\nAward up to 3 points for clarity.",
        f"5p - {SHARE}\n10p - {SWITCH}",
        f"Start from 15 points.\n- 5 if it is missing that {SHARE}\n- 10 if lacking: {SWITCH}\n- 2 if mixed up",
        {SHARE: 5, SWITCH: "10 points", "Wrong unit": -1},
        {"1": f"{SHARE} (5)", "2": f"{SWITCH} (10)"},
        {"a": {"description": SHARE, "points": 5}, "b": {"description": SWITCH, "points": 10}},
        {"criteria": [{"criterion": SHARE, "points": 5}, {"criterion": SWITCH, "points": 10}]},
        json.dumps({SHARE: 5, SWITCH: 10}),
        str([{"point": SHARE, "score": 5}, {"point": SWITCH, "score": 10}]),
    ],
)  # fmt: skip
def test_a_rubric_means_the_same_however_it_is_written(rubric: object) -> None:
    assert [(t.removeprefix("cost: "), m) for t, m in points(rubric)] == BOTH


@pytest.mark.parametrize(
    ("rubric", "expected"),
    [
        ("Explains paging (10 points):\n  - page table\n  - TLB", [("page table", 5), ("TLB", 5)]),
        ("Explains paging (10):\n a) table (4)\n b) TLB (4)", [("Explains paging", 2), ("table", 4), ("TLB", 4)]),
        ("Two points in a plane define a line (1 pt)", [("Two points in a plane define a line", 1)]),
        ("10p - copies (5p), waits (5p); up to 3p of these for less", [("copies", 5), ("waits", 5)]),
        ("Correct answer: 12 (3 points)", [("Correct answer: 12", 3)]),
        ("Formula (1/2 point)\nResult (2.5 points)", [("Formula", 0.5), ("Result", 2.5)]),
        ("Full marks if both A1 and B1 hold. Half marks if only one.", [("both A1 and B1 hold", None)]),
        ("Excellent (5 points): all four\nGood (3 points): two\nPoor (0 points): none", [("all four", 5)]),
        ({"5": "all four", "3": "two of four", "0": "none"}, [("all four", None)]),
        ("- 10 if the TLB is missing\n- 5 if no page table", [("the TLB", 10), ("page table", 5)]),
        (["first thing", "second thing"], [("first thing", None), ("second thing", None)]),
        ("first thing; second thing", [("first thing", None), ("second thing", None)]),
        (["worth two (2 points)", "not said"], [("worth two", 2), ("not said", 2)]),
        ("Total: 20 points", []),
        ("", []),
        (None, []),
        ({}, []),
    ],
)  # fmt: skip
def test_headings_scales_penalties_and_what_has_no_marks(rubric: object, expected: list[Any]) -> None:
    assert points(rubric) == expected


@pytest.mark.parametrize(
    ("rubric", "options", "choose", "marks"),
    [
        ("Any two of the following (5 points each):\n- fast\n- small\n- cheap", ("fast", "small", "cheap"), 2, 10),
        ("Any two of: fast, small, cheap (4 points)", ("fast", "small", "cheap"), 2, 4),
        ("Explains fork OR describes exec (3)", ("Explains fork", "describes exec"), 1, 3),
        ("Explains fork (3)\n  Accept: copies the process", ("Explains fork", "copies the process"), 1, 3),
    ],
)  # fmt: skip
def test_choices_and_alternatives(rubric: str, options: tuple[str, ...], choose: int, marks: float) -> None:
    (one,) = read_rubric(rubric)
    assert (one.options, one.choose, one.marks) == (options, choose, marks)


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("The student should explain that threads share memory", "threads share memory"),
        ("Correctly identifies the TLB and explains why it is fast", "the TLB and it is fast"),
        ("Full marks if both hold and wait are named", "hold and wait are named"),
        ("Award 5 points if the answer mentions paging", "paging"),
        ("Mark bits show which pages changed", "Mark bits show which pages changed"),
        ("Mentions", "Mentions"),
    ],
)
def test_the_words_of_rubrics_weigh_nothing(statement: str, wanted: str) -> None:
    assert essence(statement) == wanted


@pytest.mark.parametrize("value", [7, [1, 2], {"points": 3}, [{"a": [{"b": [[[["x"]]]]}]}], True])
def test_what_is_no_rubric_says_what_to_write(value: object) -> None:
    with pytest.raises(NotARubric):
        read_rubric(value)
    (line,) = parse([json.dumps({"id": 1, "answer": "x", "rubric": value})])
    assert isinstance(line, BadLine)
    assert line.why.startswith("checkpoints: ")


_STATEMENTS = st.lists(
    st.text("abcdefgh ", min_size=4, max_size=30).map(lambda t: f"the {t.strip()} thing"),
    min_size=2,
    max_size=6,
    unique=True,
)


@given(_STATEMENTS, st.data())
def test_lists_texts_and_mappings_give_one_result(statements: list[str], data: st.DataObject) -> None:
    marks = data.draw(st.lists(st.integers(1, 40), min_size=len(statements), max_size=len(statements)))
    pairs = [(" ".join(s.split()), float(m)) for s, m in zip(statements, marks, strict=True)]
    as_list = [f"{s} ({m:g} points)" for s, m in pairs]
    for form in (as_list, "\n".join(as_list), "\n".join(f"{m:g} marks: {s}" for s, m in pairs), dict(pairs)):
        assert dict(points(form)) == dict(pairs)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=60),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_value_is_read_or_refused(value: object) -> None:
    line = {"id": 1, "question": "Why?", "answer": "Threads share memory.", "checkpoints": value}
    (item,) = parse([json.dumps(line)])
    if isinstance(item, Item):
        found = score_item(item, {}, {})
        assert found.status in ("scored", "failed")
        assert all(p.weight > 0 for p in item.checkpoints or ())
    else:
        assert item.why


@given(st.text(max_size=200))
def test_penalties_never_earn(text: str) -> None:
    assert all((c.marks or 1) > 0 and not c.takes for c in read_rubric(f"{text}\n-5 if wrong"))


ANSWER = "Threads share the memory of their process, so that no page table switch is needed."


@pytest.mark.parametrize(
    "given_",
    [
        {"checkpoints": f"{SHARE} (5 points)\n{SWITCH} (10 points)", "reference": []},
        {"rubric": {SHARE: 5, SWITCH: 10}, "reference": None},
        {"checkpoints": None, "rubric": [f"{SHARE} (5)", f"{SWITCH} (10)"], "reference": [""]},
        {"reference": f"{SHARE} (5 points)\n{SWITCH} (10 points)"},
    ],
)
def test_a_line_may_hold_its_rubric_under_other_names(given_: dict[str, object]) -> None:
    (item,) = parse([json.dumps({"id": 1, "question": None, "answer": ANSWER, "max": "15", **given_})])
    assert isinstance(item, Item)
    found = score_item(item, {}, {})
    assert found.score is not None
    assert found.score > 0.8
    assert found.points == pytest.approx(found.score * 15, abs=1e-3)
    assert [v.checkpoint for v in found.verdicts] == ["point-1", "point-2"]


@pytest.mark.parametrize(
    "reference",
    [
        "Hop 1: (A, B, forward), (A, C, drop) Hop 2: (B, E, forward)",
        "The header has 8 bytes (UDP) or 20 (TCP). [1] [2]",
        "0.5 P for the choice of a protocol, such as token ring, 1P for a drawback and 1P for an advantage.",
        "1. Two points make a line. 2. Three points make a plane.",
    ],
)
def test_a_reference_without_marks_stays_a_reference(reference: str) -> None:
    (item,) = parse([json.dumps({"id": 1, "answer": ANSWER, "reference": reference})])
    assert isinstance(item, Item)
    assert item.reference == (reference,)
    assert item.checkpoints is None
