"""A draft that was edited by hand: what is read, and what is refused with its line."""

from __future__ import annotations

import pytest

from bot.errors import InputRefused
from bot.scoring.drafts import draft_of, read_draft

HEAD = "question: Why?\ncheckpoints:\n"
ONE = HEAD + "- statement: Threads share memory\n"

REFUSED = [
    (ONE + "  kind: importent\n", 4, "Write 'must' or 'nice'"),
    (ONE + "  wieght: 2\n", 4, "Did you mean 'weight'?"),
    (ONE + "  weight: 0\n", 4, "a number above 0"),
    (ONE + "  weight: -2\n", 4, "under contra"),
    (ONE + "  weight: .nan\n", 4, "a number above 0"),
    (ONE + "  weight: much\n", 4, "number"),
    (ONE + "- statement: ''\n", 4, "is empty"),
    (ONE + "- weight: 1\n", 4, "[checkpoints.1.statement]: is missing. Write it."),
    (ONE + "- statement: of the\n", 4, "no word to look for"),
    (ONE + "  id: a\n- statement: Processes do not\n  id: a\n", 6, "is the id of checkpoint 1"),
    (ONE + "- statement: Threads share memory\n", 4, "is the statement of checkpoint 1"),
    (ONE + "  kind: nice\n", 2, "no checkpoint is a must"),
    (ONE + "  any_of: ['re:((']\n", 4, "regular expression"),
    (ONE + "- a text among fields\n", 4, "is no mapping"),
    ("chekpoints: []", 1, "Did you mean 'checkpoints'?"),
    ("checkpoints: [", 2, "YAML"),
    ("- a\n- b", 1, "is no mapping"),
    ("checkpoints: []", 0, "no checkpoints"),
    (HEAD + "- 3\n", 0, "no bare numbers"),
]


@pytest.mark.parametrize(("text", "line", "told"), REFUSED)
def test_a_slip_is_told_with_its_line(text: str, line: int, told: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_draft(text, "draft.yaml")
    assert str(refused.value).startswith(f"draft.yaml:{line}" if line else "draft.yaml: ")
    assert told in str(refused.value)
    assert refused.value.hint


def test_what_can_be_written_is_read() -> None:
    text = ONE + (
        "  weight: 2\n- statement: Processes do not\n  id: 7\n  kind: nice\n  any_of: own memory\n"
        "  all_of: [[process|processes]]\n  contra: [{says: [processes share], challenge: Do they?}]\n"
    )
    first, second = read_draft(text).checkpoints
    assert (first.statement, first.weight, first.kind, first.id) == ("Threads share memory", 2.0, "must", "")
    assert (second.id, second.kind, second.any_of) == ("7", "nice", ("own memory",))
    assert second.contra[0].says == ("processes share",)


@pytest.mark.parametrize(
    "rubric", ["|\n  Names A (5 points)\n  Names B [3]\n", "[Names A (5 points), 'Names B [3]']"]
)
def test_a_draft_may_hold_a_rubric_in_another_form(rubric: str) -> None:
    found = read_draft(f"checkpoints: {rubric}")
    assert [(c.statement, c.weight) for c in found.checkpoints] == [("Names A", 5.0), ("Names B", 3.0)]


def test_what_is_proposed_is_read_as_it_was() -> None:
    draft = draft_of(
        "Why?", "Threads share memory. Processes have memory of their own, which costs a switch."
    )
    assert read_draft(draft.as_yaml()) == draft
