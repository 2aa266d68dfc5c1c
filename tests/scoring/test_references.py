"""Scoring from references alone, and batches of answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli_score import app
from bot.domain.judgement import Status
from bot.scoring.batch import BadLine, Item, parse, score_item
from bot.scoring.evidence import is_verbatim
from bot.scoring.listing import number_asked
from bot.scoring.references import best_cover, cover, curve, part_by_part, propose, split
from bot.scoring.text import read
from bot.scoring.wordings import find
from tests.support.bank import load_once

QUESTION = "Why do deep trees overfit, and what does a forest change?"
REFERENCE = (
    "A deep tree follows the noise of its training sample, so its variance is high. "
    "A forest averages many trees grown on bootstrap samples, which lowers the variance. "
    "The bias stays about the same."
)
GOOD = (
    "A single tree that grows deep fits noise in the training sample and has high variance. "
    "Averaging many trees on bootstrap samples lowers that variance. The bias remains about the same."
)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loader has tests of its own."""
    monkeypatch.setattr("bot.bank.load_bank", load_once)


def score(answer: str, reference: str = REFERENCE) -> float:
    found = score_item(Item(id=1, question=QUESTION, answer=answer, reference=(reference,)), {}, {})
    return found.score or 0.0


def test_a_paraphrase_earns_much_and_another_topic_little() -> None:
    assert score(GOOD) > 0.75
    assert score("Gradient descent takes steps along the slope of a loss until it is flat.") < 0.25
    assert score("") == 0


@pytest.mark.parametrize(
    "worse",
    [
        " ".join(f"It is not true that {s.lower()}" for s in GOOD.split(". ")),
        GOOD.replace(". ", ". That is wrong. "),
        "deep tree, noise, training, sample, variance, high, forest, averages, many, trees, bootstrap",
        QUESTION,
        "System: " + REFERENCE,
    ],
)
def test_what_says_the_opposite_or_nothing_loses(worse: str) -> None:
    assert score(worse) < 0.55 < score(GOOD)


def test_verdicts_carry_quotes_of_the_answer() -> None:
    found = score_item(Item(id=1, question=QUESTION, answer=GOOD, reference=(REFERENCE,)), {}, {})
    assert len(found.verdicts) == len(split(REFERENCE))
    for verdict in found.verdicts:
        assert all(is_verbatim(q, GOOD) for q in verdict.quotes)
        assert verdict.quotes or verdict.status is Status.ABSENT


def test_any_of_several_references_will_do() -> None:
    both = best_cover(QUESTION, ["Something else entirely, about caches.", REFERENCE], GOOD)
    one = cover(QUESTION, REFERENCE, GOOD)
    assert both is not None
    assert one is not None
    assert both.share == one.share
    assert one.score - 0.05 < both.score <= one.score  # the best of two is a little easier to reach by chance


def test_much_talk_about_something_else_is_expected_to_meet_some_words() -> None:
    half, talk = (
        split(GOOD)[0],
        "Our ferry leaves at noon, calls at four islands and sells tickets for bicycles on deck.",
    )
    assert 0 < score(f"{half} {talk}") < score(half)
    assert score(f"{GOOD} {talk}") > 0.8 * score(GOOD)


def test_proposed_checkpoints_match_their_own_reference() -> None:
    proposed = propose(QUESTION, REFERENCE, dimension="PS-CORR")
    assert [c.statement for c in proposed] == list(split(REFERENCE))
    for checkpoint in proposed:
        found = find(checkpoint.any_of, read(REFERENCE))
        assert found is not None
        assert found.denied is None


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.5, 300))
def test_the_curve_is_monotone_and_stays_inside(a: float, b: float, size: float) -> None:
    low, high = sorted((a, b))
    assert 0 <= curve(low, size) <= curve(high, size) <= 1
    assert curve(1, size) == pytest.approx(1)


@given(st.text(max_size=300), st.text(max_size=200))
def test_any_pair_of_texts_can_be_scored(answer: str, reference: str) -> None:
    found = score_item(Item(id=1, question="", answer=answer, reference=(reference,)), {}, {})
    assert (found.score is not None) == (found.status == "scored")
    assert found.score is None or 0 <= found.score <= 1


def test_checkpoints_come_in_several_shapes() -> None:
    line = {
        "id": "x",
        "question": QUESTION,
        "answer": GOOD,
        "checkpoints": [
            "Averaging many trees lowers the variance",
            {"text": "The bias stays the same", "points": 2},
            {"statement": "Mentions boosting", "any_of": ["boosting"]},
        ],
        "max": 4,
    }
    (item,) = parse([json.dumps(line)])
    assert isinstance(item, Item)
    found = score_item(item, {}, {})
    assert [v.status for v in found.verdicts] == [Status.COVERED, Status.COVERED, Status.ABSENT]
    assert found.score is not None
    assert 0.5 < found.score < 0.8
    assert found.points == pytest.approx(found.score * 4, abs=1e-3)


def test_bad_lines_are_reported_and_never_guessed() -> None:
    lines = ["no json", '{"id": 1}', "", '{"id": 2, "answer": "a", "reference": "b c"}', "[1]", "9" * 10]
    out = list(parse(lines))
    assert [o.number for o in out if isinstance(o, BadLine)] == [1, 2, 5, 6]
    assert [o.id for o in out if isinstance(o, Item)] == [2]


def test_nothing_to_compare_with_is_no_score() -> None:
    found = score_item(Item(id=1, question=QUESTION, answer=GOOD), {}, {})
    assert (found.status, found.score, found.level) == ("failed", None, None)
    assert score_item(Item(id=1, question_id="none-such", answer=GOOD), {}, {}).status == "failed"


def test_the_command_writes_lines_in_order_and_twice_the_same(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    rows = [
        {"id": i, "question": QUESTION, "answer": GOOD[: 40 + i], "reference": REFERENCE} for i in range(30)
    ]
    text = "\n".join(json.dumps(r) for r in rows)
    source.write_text(f"broken\n{text}\n" + json.dumps({"id": "b", "question": "ps-l1-l2", "answer": GOOD}))
    outputs = []
    for name in ("one", "two"):
        target = tmp_path / name
        result = CliRunner().invoke(app, ["score", "--input", str(source), "--output", str(target)])
        assert result.exit_code == 0, result.output
        assert "1 skipped" in result.output
        outputs.append(target.read_bytes())
    assert outputs[0] == outputs[1]
    assert [json.loads(line)["id"] for line in outputs[0].splitlines()] == [*range(30), "b"]


LISTED = """- Supports billions of end systems.
- Keeps routing tables small.
- Has a simple header for fast processing.
- Brings security of its own.
- Lets hosts roam."""


def test_a_question_for_two_things_is_answered_by_any_two() -> None:
    answer = "It keeps routing tables small, and hosts can roam."
    asked = score_item(
        Item(id=1, question="Name two aims of the protocol.", answer=answer, reference=(LISTED,)), {}, {}
    )
    open_ended = score_item(
        Item(id=1, question="What are the aims of the protocol?", answer=answer, reference=(LISTED,)), {}, {}
    )
    assert asked.score is not None
    assert open_ended.score is not None
    assert asked.score > 0.8 > open_ended.score


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Name the 3 service classes.", 3),
        ("State at least four differences.", 4),
        ("NAME and DESCRIBE two challenges.", 2),
        ("Explain it in 2-5 sentences.", 0),
        ("Give 2 to 3 sentences.", 0),
        ("Why does it work?", 0),
    ],
)
def test_how_many_things_a_question_asks_for(question: str, number: int) -> None:
    assert number_asked(question) == number


def test_rejecting_statements_states_nothing_even_where_the_reference_is_negative() -> None:
    reference = "The terminals are not connected to the battery."
    question = "Why is there no voltage?"

    def earned(answer: str) -> float:
        return (
            score_item(Item(id=1, question=question, answer=answer, reference=(reference,)), {}, {}).score
            or 0
        )

    assert earned("The terminals are not connected to the battery.") > 0.9
    assert earned("The terminals are connected to the battery.") < 0.5
    assert earned("It is not true that the terminals are connected to the battery.") < 0.3


def test_padding_of_plain_words_adds_nothing() -> None:
    padding = " There are many different things to consider, and each team does it a little differently."
    assert score(GOOD[:90] + padding) <= score(GOOD[:90]) + 0.005


def test_a_model_answer_becomes_a_draft_that_can_be_edited_and_scored_with(tmp_path: Path) -> None:
    model_answer = tmp_path / "reference.txt"
    model_answer.write_text(REFERENCE, encoding="utf-8")
    shown = CliRunner().invoke(app, ["propose", "--reference", str(model_answer), "--question", QUESTION])
    assert shown.exit_code == 0, shown.output
    draft = tmp_path / "draft.yaml"
    draft.write_text(shown.stdout.replace("about the same", "nearly the same"), encoding="utf-8")
    answers, scored = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    answers.write_text(
        json.dumps({"id": 1, "answer": GOOD}) + "\n" + json.dumps({"id": 2, "answer": "No idea."})
    )
    arguments = ["score", "--input", str(answers), "--output", str(scored), "--checkpoints", str(draft)]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    good, none = map(json.loads, scored.read_text(encoding="utf-8").splitlines())
    assert [v["checkpoint"] for v in good["verdicts"]] == ["point-1", "point-2", "point-3"]
    assert good["score"] > 0.7
    assert none["score"] == 0


@pytest.mark.parametrize("text", ["a: [", "checkpoints: []", "checkpoints: [{weight: 1}]", "- a\n- b"])
def test_a_broken_draft_is_refused_with_what_to_change(tmp_path: Path, text: str) -> None:
    draft, answers = tmp_path / "draft.yaml", tmp_path / "in.jsonl"
    draft.write_text(text, encoding="utf-8")
    answers.write_text("{}", encoding="utf-8")
    arguments = [
        "score",
        "--input",
        str(answers),
        "--output",
        str(tmp_path / "o"),
        "--checkpoints",
        str(draft),
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "draft.yaml" in result.output


def test_beside_a_rubric_a_reference_is_read_part_by_part() -> None:
    assert part_by_part(QUESTION, [REFERENCE], REFERENCE) == pytest.approx(1)
    assert part_by_part(QUESTION, ["", "the of"], GOOD) is None
    half = part_by_part(QUESTION, [REFERENCE], GOOD[: len(GOOD) // 2])
    whole = cover(QUESTION, REFERENCE, GOOD[: len(GOOD) // 2])
    assert half is not None
    assert whole is not None
    assert 0 < half < whole.score
