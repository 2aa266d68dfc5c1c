"""“False positive” is a term, “that is false” is a denial: the judge must tell them apart."""

import pytest

from bot.scoring.text import read
from bot.scoring.wordings import find


@pytest.mark.parametrize(
    "said",
    [
        "Precision drops with all those false positives.",
        "Peeking inflates the false-alarm rate and precision drops.",
        "False negatives are cheap here, so precision drops matter more.",
    ],
)
def test_a_term_with_false_denies_nothing(said: str) -> None:
    found = find(["precision drops"], read(said))
    assert found is not None
    assert found.denied is None


def test_false_still_denies_a_claim() -> None:
    found = find(["precision drops"], read("It is false that precision drops."))
    assert found is not None
    assert found.denied == "negated"


def test_not_knowing_is_never_evidence() -> None:
    """Some checkpoints are about systems that say "I don't know"; a candidate who says it has covered nothing."""
    from bot.authoring.questions import judged
    from bot.domain.judgement import Status
    from tests.support.bank import real_bank

    bank = real_bank()
    for question in bank.questions.values():
        for text in ("I don't know.", "I really do not know, sorry.", "Hmm. I don’t know!"):
            found = [
                v.checkpoint for v in judged(question, bank, text).verdicts if v.status is not Status.ABSENT
            ]
            assert found == [], question.id
