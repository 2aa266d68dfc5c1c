"""What is proposed from related questions: better than a guess, never outside the rubric."""

from __future__ import annotations

import pytest

from bot.authoring import nearest
from bot.domain.base import RoundId
from tests.support.bank import real_bank


@pytest.mark.parametrize(
    ("round_id", "at_least"), [(RoundId.ML_SYSTEM_DESIGN, 0.72), (RoundId.PHONE_SCREEN, 0.45)]
)
def test_the_proposed_dimension_is_mostly_the_authors(round_id: RoundId, at_least: float) -> None:
    bank = real_bank()
    rubric, questions = bank.rubric(round_id), list(bank.of_round(round_id))
    counted = {d.id for d in rubric.dimensions if d.evidence == "checkpoints"}
    right = total = 0
    for left_out in questions[::2]:  # of six alone one checkpoint more or less decided
        likely = nearest.dimensions([q for q in questions if q is not left_out], rubric)
        own = [c for c in left_out.checkpoints if c.dimension in counted]
        right += sum(likely(c.statement) == c.dimension for c in own)
        total += len(own)
    assert right / total > at_least


def test_without_relatives_the_first_dimension_is_proposed() -> None:
    bank = real_bank()
    rubric = bank.rubric(RoundId.PHONE_SCREEN)
    assert nearest.dimensions([], rubric)("Anything at all.") == rubric.dimensions[0].id
    assert nearest.dimensions(bank.of_round(RoundId.PHONE_SCREEN), rubric)("xyzzy") == rubric.dimensions[0].id
    assert nearest.question("anything", []) is None
