"""Requests are recognised, and an answer that merely mentions one is an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.judgement import Intent
from bot.interview.intents import intent_of

REQUESTS = {
    Intent.HINT: ["hint", "Hint please", "Could I have a hint, please?", "give me another hint", "I'm stuck", "can you help me?"],
    Intent.SKIP: ["skip", "Skip this question, please.", "pass", "let's move on", "can we skip this one?", "next question please"],
    Intent.STOP: ["stop", "let's stop here", "I want to end the interview", "can we finish the round?"],
    Intent.REPEAT: ["Could you repeat the question?", "sorry, what was the question?", "please say that again"],
    Intent.DONE: ["I'm done", "that's it", "ok, that's all from me", "I am finished with the code"],
    Intent.DONT_KNOW: ["I don't know", "no idea", "I don't remember", "Sorry, I really don't know that", "not sure about this one", "I’m not sure"],
    Intent.SCORE_TALK: ["what is my score?", "Is that right?", "tell me the correct answer", "how am I doing?"],
    Intent.CLARIFY: ["How many users are there?", "Is the data sorted? Can there be duplicates?", "Ok, what is the latency limit?"],
}  # fmt: skip
ANSWERS = [
    "I would skip the connection between the layers because the gradient then flows around them.",
    "You stop training early when the validation loss goes up.",
    "A skip connection adds the input to the output",
    "Early stopping",
    "Finish when the queue is empty",
    "I don't know the exact constant, but the error falls with one over the square root of n.",
    "I am not sure about the name, but you average many trees trained on bootstrap samples.",
    "You pass the gradient back through each layer, and then what? You multiply by the local derivative.",
    "Is it overfitting? I would say yes, because the gap is large.",
    "The answer is a hint of leakage: the score is too good to be true, so I would check the split for duplicated users first.",
    "Precision",
    "next token prediction",
    "it's done by averaging",
    "Hints from the data: outliers, missing values, duplicates, drift, and label noise all point the same way.",
]


@pytest.mark.parametrize(("intent", "text"), [(i, t) for i, texts in REQUESTS.items() for t in texts])
def test_a_request_is_recognised(intent: Intent, text: str) -> None:
    assert intent_of(text) is intent


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_stays_an_answer(text: str) -> None:
    assert intent_of(text) is Intent.ANSWER


@given(st.text(max_size=300))
def test_any_text_has_an_intent(text: str) -> None:
    assert isinstance(intent_of(text), Intent)
