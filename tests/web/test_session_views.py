"""What the stream tells a window: only what changed, and enough to begin with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moves import Move, MoveKind
from bot.web.tail import _common
from bot.web.views.session import typed, under_way

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
