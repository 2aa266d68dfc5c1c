"""What a statement is about, when there is next to nothing in it."""

from __future__ import annotations

from bot.domain.content import Checkpoint
from bot.scoring.gist import best_place, gist_of
from bot.scoring.text import read


def test_a_statement_without_a_word_of_its_own_is_found_nowhere() -> None:
    point = Checkpoint(
        id="empty",
        statement="?!",
        dimension="PS-CORR",
        any_of=("serious error", "catch before release"),
        probe="Is it?",
    )
    said = read("That is a serious error, and a bad one; catch it before the release.")
    assert best_place(gist_of(point, None), said) is None
