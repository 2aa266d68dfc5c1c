"""The report says what the log says, and every quote leads to the words that were said."""

from __future__ import annotations

import itertools

from bot.domain.session import fold
from bot.review.html import quote_marks, review
from bot.review.report import gaps, missed, report_of, titles_of, weakest_question
from tests.review.conftest import NOW, Held


def test_the_demo_is_held_on_its_own_questions_and_scored(held: Held) -> None:
    authored = set(held.report.questions)
    assert authored == {"ps-bias-variance", "ps-imbalanced-classes", "ps-ab-test-basics", "ps-l1-l2"}
    card = held.report.scorecard
    assert card is not None
    assert card.status == "scored"
    assert held.report.ended
    assert {c.status.value for c in card.checkpoints} >= {"covered", "wrong", "absent"}, (
        "something to look at"
    )


def test_holding_the_demo_again_gives_the_same_session(held: Held) -> None:
    log = [e.body.type for e in held.log.read(held.session)]
    assert log.count("started") == log.count("ended") == log.count("scored") == 1


def test_every_quote_is_in_the_turn_it_names(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    quotes = [e.quote for d in card.dimensions for e in d.evidence]
    quotes += [q for c in card.checkpoints for q in c.quotes]
    assert quotes
    for quote in quotes:
        turn = held.report.turn(quote.turn)
        assert turn.speaker == "candidate"
        assert turn.text[quote.start : quote.end] == quote.text


def test_every_assessed_dimension_has_a_quote(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    assert all(d.evidence for d in card.dimensions if d.level is not None)


def test_there_are_exactly_three_next_steps_each_with_its_dimension(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    known = {d.dimension for d in card.dimensions}
    assert len(card.drills) == 3
    assert all(d.dimension in known for d in card.drills)


def test_phases_follow_each_other_and_fill_the_time(held: Held) -> None:
    phases = held.report.phases
    assert phases[0].start_s == 0
    assert all(a.end_s == b.start_s for a, b in itertools.pairwise(phases))
    assert phases[-1].end_s == held.report.used_s
    assert [p.name for p in phases][:4] == list(held.report.questions.values())


def test_hints_and_probes_are_marked_on_the_time_line(held: Held) -> None:
    kinds = {m.kind for m in held.report.moments}
    assert {"hint", "probe"} <= kinds
    assert all(m.turn and held.report.turn(m.turn).speaker == "interviewer" for m in held.report.moments)
    assert held.report.hints == sum(m.kind == "hint" for m in held.report.moments)


def test_own_view_is_compared_only_where_both_have_a_level(held: Held) -> None:
    found = {g.dimension: g for g in gaps(held.report)}
    assert found["PS-CORR"].delta == found["PS-CORR"].own - found["PS-CORR"].assessed
    assert "PS-COMM" not in found, "the offline judge does not assess it"


def test_the_weakest_question_lost_most_credit(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    lost = {
        q: sum(c.weight * (1 - c.credit) for c in card.checkpoints if c.question == q and c.kind == "must")
        for q in held.report.questions
    }
    assert weakest_question(card) == max(lost, key=lambda q: lost[q])
    assert missed(card)[0].kind == "must"


def test_a_session_that_runs_has_a_report_without_a_scorecard(held: Held) -> None:
    state = fold(held.log.read(held.session)[:6])
    report = report_of(state, NOW, titles_of(held.bank.questions))
    assert report.scorecard is None
    assert not report.ended
    assert gaps(report) == ()


def test_the_review_page_shows_each_part_once(held: Held) -> None:
    page = review(held.report, before=held.report.scorecard)
    for anchor in ("verdict", "h-dims", "checkpoints", "transcript", "h-next"):
        assert page.count(f'id="{anchor}"') == 1
    for turn in held.report.turns:
        assert page.count(f'id="turn-{turn.turn}"') == 1
    assert 'class="before"' in page
    assert page.count("<h1") == 1
    assert page.index('id="verdict"') < page.index('id="h-dims"')


def test_marks_lie_in_the_candidates_turns(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    marked = [m for t in held.report.turns if t.speaker == "candidate" for m in quote_marks(card, t)]
    assert {m.kind for m in marked} == {"for", "against"}
