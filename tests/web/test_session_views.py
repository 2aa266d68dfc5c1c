"""What the stream tells a window: only what changed, and enough to begin with."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moves import Move, MoveKind
from bot.domain.session import fold
from bot.interview.live import LiveView
from bot.services import Services
from bot.web.tail import Shown, _common, changes
from bot.web.views.session import bar, messages, typed, under_way
from tests.web.test_http import finished, settled, start

MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant"]), "content": st.text(max_size=3)}
)


@given(st.lists(MESSAGE, max_size=6), st.lists(MESSAGE, max_size=6))
def test_the_old_messages_up_to_there_and_the_new_ones_from_there_are_the_new_list(
    old: list[dict[str, str]], new: list[dict[str, str]]
) -> None:
    at = _common(old, new)
    assert old[:at] + new[at:] == new


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b and <img src=x>", "a &lt; b and &lt;img src=x>"),
        ("use `List<int>` or List<str>", "use `List<int>` or List&lt;str>"),
        ("```\n<a>\n``` <b>", "```\n<a>\n``` &lt;b>"),
        ("```\n<a> never closed", "```\n<a> never closed"),
        ("one ` only <a>", "one ` only &lt;a>"),
    ],
)
def test_tags_of_the_candidate_are_words(text: str, shown: str) -> None:
    assert typed(text) == shown


def test_thinking_then_words_then_a_hint_is_called_one_from_its_first_word() -> None:
    assert "Thinking" in under_way("judge", "")
    assert under_way("phrase", "Well,") == "Well,"
    hint = Move(kind=MoveKind.HINT, question="q", hint=2, reason="asked")
    assert under_way("phrase", "Think", hint) == "**Hint 2 of 5.** Think"


def merged(window: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """What session.js does with an event, but for the bar, which holds the time."""
    after = dict(window)
    if "from" in told:
        after["messages"] = [*window.get("messages", [])[: told["from"]], *told["messages"]]
    if "at" in told:
        after["words"] = (
            None if told["words"] is None else (window.get("words") or "")[: told["at"]] + told["words"]
        )
    return after | {name: told[name] for name in ("side", "question", "code") if name in told}


def test_a_window_that_saw_every_step_shows_the_same_as_one_that_was_just_opened(
    laptop: TestClient, laptop_services: Services
) -> None:
    session = finished(laptop, {"origin": "http://testserver"}, "Bias is systematic error.")
    log = laptop_services.sessions.events(session, "")
    shown = Shown()
    window: dict[str, Any] = {}
    for seq in range(1, len(log) + 1):
        state = fold(log[:seq])
        for version, text in enumerate(("", "One", "One two", "Other"), 4 * seq):
            view = LiveView(version=version, busy=state.pending == "phrase", doing="phrase", text=text)
            window = merged(window, changes(laptop_services, state, view, shown))
            fresh = merged({}, changes(laptop_services, state, view, Shown()))
            assert {k: v for k, v in window.items() if v is not None} == fresh
            assert not changes(laptop_services, state, view, shown), "nothing is told twice"
    assert len(window["messages"]) >= 4


@pytest.mark.parametrize(("mode", "told"), [("practice", 1), ("real", 0)])
def test_feedback_stands_after_a_question_in_practice_and_nowhere_in_real_mode(
    laptop: TestClient, laptop_services: Services, mode: str, told: int
) -> None:
    origin = {"origin": "http://testserver"}
    session = start(laptop, origin, mode=mode)
    settled(laptop, session, {}, 1)
    for turn, text in enumerate(("Bias is systematic error.", "Can we skip this question?")):
        say = {"text": text, "key": f"{mode}-{turn}-key", "seen": 1 + 2 * turn}
        assert laptop.post(f"/api/sessions/{session}/say", json=say, headers=origin).status_code == 200
        settled(laptop, session, {}, 3 + 2 * turn)
    state = laptop_services.sessions.state(session, "")
    feedback = [m for m in messages(state, laptop_services.bank.questions) if "metadata" in m]
    assert len(feedback) == told
    shown = bar(state, laptop_services.bank.questions, laptop_services.sessions.now(), False, "")
    assert ('data-act="hint"' in shown) == bool(told)
