"""What a behavioural round says offline: the parts of each story, in the candidate's words, and what to add."""

from __future__ import annotations

import pytest

from bot.domain.base import RoundId
from bot.domain.content import Question
from bot.domain.scorecard import Scorecard
from bot.scoring.evidence import is_verbatim
from bot.scoring.holistic import Reading
from bot.scoring.scorecard import score_round
from bot.scoring.structure import signals
from bot.scoring.text import read
from tests.support.bank import real_bank

from .rounds import Script

EVENT = "At my last company, in May 2021, our nightly tests failed four nights out of ten."
ACTIONS = "I counted sixty failures by hand. Then I wrote a recorder for the network calls."
RESULT = "Failures went from four in ten nights to one in a month, by the log of the build."
LESSON = "I should have asked the platform people first; on my next project I did."
TALK = "Usually reviews should be short. I think quality comes from culture. I would set up a process."


@pytest.fixture
def script() -> Script:
    bank = real_bank()
    chosen = [bank.questions["bh-better-team"], bank.questions["bh-ambiguous-goal"]]
    return Script(chosen, bank.rubrics["behavioral"], round_id=RoundId.BEHAVIORAL)


def scored(script: Script, **more: object) -> Scorecard:
    return score_round(script.state, script.questions, script.rubric, **more)  # type: ignore[arg-type]


def notes(card: Scorecard) -> str:
    return "\n".join(card.notes)


def test_a_whole_story_is_level_three_and_quotes_its_parts(script: Script) -> None:
    script.ask("bh-better-team").hear(f"{EVENT} {ACTIONS}").probe("bh-better-team", "effect-measured")
    card = scored(script.hear(f"It cost me two weeks. {RESULT} {LESSON}"))
    spec = card.dimensions[0]
    assert (spec.dimension, spec.level, spec.confidence) == ("BH-SPEC", 3, "low")
    assert "by form only" in spec.why
    assert {e.about: e.quote.text for e in spec.evidence} == {
        "situation": EVENT,
        "action": "I counted sixty failures by hand.",
        "result": RESULT,
    }
    for evidence in spec.evidence:
        assert is_verbatim(evidence.quote, script.state.utterance(evidence.quote.turn).text)
    assert "Nothing is missing in its form" in notes(card)


def test_a_missing_result_is_named_with_what_to_do(script: Script) -> None:
    card = scored(script.ask("bh-better-team").hear(f"{EVENT} {ACTIONS}"))
    assert card.dimensions[0].level == 2
    assert "“How the team works” lacks a result" in card.dimensions[0].why
    assert "No result was heard: say what changed, from what to what, and how you measured it." in notes(card)
    first = card.drills[0]
    assert first.text == (
        "Tell “How the team works” again and say what changed, from what to what, and how you measured it."
    )
    assert (first.dimension, first.turn) == ("BH-SPEC", 2)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"{EVENT} {ACTIONS} The support team still uses it.", "told without a figure"),
        (f"{EVENT} We sat together. We built it. We ran it. {RESULT}", "“we” or “our” 4 times"),
        (f"{EVENT} I wrote a recorder. {RESULT}", "Only one action of your own"),
        (f"{ACTIONS} {RESULT}", "When and where it was, was not heard"),
        (TALK, "Only what you think or would do was heard"),
    ],
)
def test_each_gap_has_its_own_words(said: str, told: str, script: Script) -> None:
    assert told in notes(scored(script.ask("bh-better-team").hear(said)))


def test_opinions_alone_are_level_one(script: Script) -> None:
    card = scored(script.ask("bh-better-team").hear(TALK))
    assert card.dimensions[0].level == 1
    assert card.dimensions[0].evidence == ()
    assert "take one real case" in card.drills[0].text


def test_the_poorest_story_comes_first_in_the_next_steps(script: Script) -> None:
    script.ask("bh-better-team").hear(f"{EVENT} {ACTIONS} {RESULT} {LESSON}").ask("bh-ambiguous-goal")
    card = scored(script.hear(f"{EVENT} {ACTIONS}"))
    assert "A goal that nobody could explain" in card.drills[0].text
    assert card.dimensions[0].level == 2
    assert "in 1 of 2 stories" in card.dimensions[0].why


def test_the_report_says_that_nobody_judged_the_content(script: Script) -> None:
    card = scored(script.ask("bh-better-team").hear(f"{EVENT} {ACTIONS} {RESULT} {LESSON}"))
    assert card.score is None
    assert "only the form" in card.verdict
    assert "is not judged" in notes(card)
    assert [d.level for d in card.dimensions[1:]] == [None] * 4
    assert all(not d.text.startswith("Answer") for d in card.drills), "a point not found may have been told"


def test_with_a_reader_the_form_is_no_part_of_the_score(script: Script) -> None:
    script.ask("bh-better-team").hear(f"{EVENT} {ACTIONS}")
    readings = {d.id: Reading(d.id, 2, "as read") for d in script.rubric.dimensions}
    card = scored(script, readings=readings)
    assert card.status == "scored"
    assert "no part of the score" in notes(card)
    assert "is not judged" not in notes(card)
    assert not any(d.text.startswith("Tell") for d in card.drills)


def test_what_was_removed_from_an_answer_is_not_quoted(script: Script) -> None:
    opening = script.questions["bh-better-team"].opening
    card = scored(script.ask("bh-better-team").hear(f"{opening} {EVENT} {ACTIONS} {ACTIONS} {RESULT}"))
    removed = script.state.questions["bh-better-team"].judgements[0].removed
    assert removed
    for evidence in card.dimensions[0].evidence:
        assert not any(r.start < evidence.quote.end and evidence.quote.start < r.end for r in removed)


def _heard(part: str, level: str) -> int:
    stories: list[Question] = [
        q for q in real_bank().questions.values() if q.round is RoundId.BEHAVIORAL and q.answers
    ]
    return sum(signals(read(getattr(q.answers, level)))[part] > 0 for q in stories)


def test_the_bank_s_good_stories_have_a_result_and_its_talk_has_none() -> None:
    assert _heard("result", "level_3") + _heard("result", "level_4") >= 45
    assert _heard("result", "level_1") <= 2
    assert _heard("situation", "level_3") + _heard("action", "level_3") == 48


def test_no_reason_shows_a_pattern_that_nobody_can_read(script: Script) -> None:
    answers = script.questions["bh-ambiguous-goal"].answers
    card = scored(script.ask("bh-ambiguous-goal").hear(answers.level_3))
    reasons = [c.why for c in card.checkpoints]
    assert any("says “" in why for why in reasons)
    assert not any("re:" in why or "\\b" in why for why in reasons)
