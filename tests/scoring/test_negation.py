"""Which words are denied: scopes that end where the sentence turns, and statements rejected as a whole."""

from __future__ import annotations

import pytest

from bot.scoring.text import read


def denied(text: str) -> set[str]:
    """The words in the scope of a negation."""
    return {
        t.word
        for s in read(text).sentences
        for t, n in zip(s.tokens, s.negated, strict=True)
        if n and t.is_content
    }


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("UDP has no sequence number in a header that TCP always carries.", "sequence number", "carries"),
        (
            "A timeout does not say that the request failed, it may have been carried out.",
            "failed",
            "carried",
        ),
        ("Set scores to minus infinity where the mask is false.", "", "scores minus infinity"),
        ("Rounding can break ties wrongly, so compare integers.", "", "ties integers"),
        ("People wrongly assume that the samples are independent.", "samples independent", ""),
        ("That claim about the variance is wrong.", "variance", ""),
        ("It is not true that trees extrapolate, because leaves are constant.", "extrapolate constant", ""),
    ],
)
def test_scopes(text: str, inside: str, outside: str) -> None:
    found = denied(text)
    assert set(inside.split()) <= found
    assert not set(outside.split()) & found


def test_a_denied_list_goes_on_behind_its_commas() -> None:
    assert {"bias", "variance", "noise"} <= denied(
        "Averaging does not change the bias, the variance or the noise."
    )


def test_contrasts_are_no_blanket_denial() -> None:
    text = (
        "TCP has a field for the acknowledgement but UDP does not. TCP carries a window while UDP does not do that. "
        "TCP keeps the order of packets and UDP does not care."
    )
    assert not {"acknowledgement", "window", "order"} & denied(text)


def test_denying_sentence_after_sentence_denies_all_of_it() -> None:
    text = "A forest is not lower in variance. The trees are not averaged there. The bias does not stay the same."
    assert {"forest", "variance", "trees", "bias"} <= denied(text)


@pytest.mark.parametrize(
    "text",
    [
        "It is not true that bulbs share a path.",
        "Bulbs share a path. That is wrong.",
        "Bulbs share a path, which is false.",
    ],
)
def test_a_rejected_statement_is_known_as_such(text: str) -> None:
    (sentence, *_) = read(text).sentences
    where = [t.word for t in sentence.tokens].index("path")
    assert sentence.rejected[where]
    assert not any(read("Bulbs do not share a path.").sentences[0].rejected)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I disagree that the first one underfits.", "underfits"),
        ("I do not know which documents a user may see.", "documents"),
        ("I'm not sure whether late orders matter.", "orders"),
        ("People say that ridge gives sparse weights. That's wrong.", "sparse"),
        ("You asked for the right number of clusters.", "clusters"),
    ],
)
def test_what_somebody_does_not_claim_is_denied(text: str, word: str) -> None:
    assert word in denied(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It is not untrue that the first one underfits.", "underfits"),
        ("There is no doubt that the first one underfits.", "underfits"),
        ("I'm not sure, but the first one underfits.", "underfits"),
        ("The client does not know whether the write was done, so it asks again.", "asks"),
        ("Where it may not look, set the score to minus infinity.", "infinity"),
    ],
)
def test_what_somebody_claims_is_not(text: str, word: str) -> None:
    assert word not in denied(text)


SAID = "averaging the trees lowers the variance"


@pytest.mark.parametrize(
    "form",
    [
        "Nobody would say that {}.",
        "It is far from true that {}.",
        "I doubt very much that {}.",
        "People wrongly say that {}.",
        "Never would I claim that {}.",
        "I would argue against the idea that {}.",
        "There is no truth in the claim that {}.",
        "Only a fool would say that {}.",
        "It's wrong to assume that {}.",
        "By no means is it so that {}.",
        "I refuse to accept that {}.",
        "It is unlikely that {}.",
        "It fails to be true that {}.",
        "It makes no sense that {}.",
        "Whoever says that {} is wrong.",
        "The idea that {} is nonsense.",
        "My colleague claims that {}, which is nonsense.",
        "That {} is what I would never say.",
        "Yeah right, {}.",
        "If I knew that {}, I would tell you.",
        "Maybe {}, maybe not.",
        "Either {}, or the opposite, I cannot tell.",
        "{}. NOT!",
        "{}. That's a lie.",
        "{}. I would never say that.",
        "{}. Just kidding, none of that is true.",
        "{}. Do the opposite of all that.",
        "{}. Actually, forget all that, the reverse is true.",
        "{}. I would do none of this.",
        "None of the following is true: {}.",
        "All of the following statements are false. {}.",
        "The opposite of the following is true. {}.",
        "Here is what you should not do: {}.",
        "{}. It is also not true that {}.",
        "You would have to be naive to believe that {}.",
        "Some claim {}, but they are mistaken.",
        "I thought that {}, but I was wrong.",
        "{}, they say; I don't believe it.",
        "{} - wrong!",
        "{} (not true).",
        "{} ... just joking.",
        "Allegedly {}.",
        "I wonder whether {}.",
        "I have no clue whether {}.",
        "My professor insisted that {}. I never bought it.",
        "False: {}.",
        "I would be surprised if {}.",
        "I'm not convinced {}.",
        "The claim that {} does not hold.",
        "Rumour has it that {}.",
        "{}, which nobody believes.",
    ],
)
def test_forms_of_denial(form: str) -> None:
    assert {"trees", "lowers", "variance"} <= denied(form.replace("{}", SAID))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Decide whether averaging pays or not.", "averaging"),
        ("Maybe the trees are deep, so I prune them.", "prune"),
        ("There is no way around it: trees that are deep overfit.", "overfit"),
        ("Nothing in the split leaks, and that lowers the error.", "lowers"),
        ("None of the following years was used in training. Trees overfit.", "overfit"),
        ("The idea that trees vote is simple.", "vote"),
        ("It's not only the trees that lower the variance.", "variance"),
        ("The opposite of the following class gets the weight, in fact: the rare one.", "rare"),
        ("Nobody doubts that trees vote.", "vote"),
        ("People think that trees vote, but they average.", "average"),
        ("It is tempting to prune, but trees that are deep pay.", "pay"),
        ("A common mistake is to prune first, because the deep trees are lost.", "lost"),
        ("The trees have not seen it, fit a map on top.", "map"),
        ("I check that the loss never rises, and compare with a loop.", "compare"),
        ("The labels are late, which we noticed, and often wrong.", "late"),
    ],
)
def test_forms_that_deny_nothing(text: str, word: str) -> None:
    assert word not in denied(text)
