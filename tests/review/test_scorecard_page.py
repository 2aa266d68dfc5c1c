"""The scorecard as a page: every number can be followed to what it was made of, and added up by hand."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.base import RoundId
from bot.domain.scorecard import DimensionResult, Evidence, Label, Scorecard
from bot.review.html import Frame, review
from bot.review.markup import excerpt, rich
from bot.review.words import signed
from tests.review.conftest import Held

ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.S)
CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.S)


def card_of(held: Held) -> Scorecard:
    assert held.report.scorecard is not None
    return held.report.scorecard


def shown(held: Held, **changes: object) -> str:
    card = card_of(held).model_copy(update=changes)
    assessed = held.report.assessments[-1].model_copy(update={"scorecard": card})
    return review(held.report.model_copy(update={"assessments": (assessed,)}), None, Frame())


def table(page: str, cls: str) -> list[list[str]]:
    body = page.split(f'class="{cls}"', 1)[1].split("</table>")[0]
    return [
        [html.unescape(re.sub("<[^>]+>", " ", cell)).strip() for cell in CELL.findall(row)]
        for row in ROW.findall(body)
    ]


def test_the_parts_of_the_score_add_up_to_it(held: Held) -> None:
    card = card_of(held)
    _, *rows, (_, total) = table(shown(held), "plain sum")
    parts = [float(row[-1]) for row in rows if "not assessed" not in row[1]]
    assert sum(parts) == pytest.approx(float(total), abs=0.002)
    assert card.score is not None
    assert float(total) == pytest.approx(card.score, abs=0.002)
    assert {row[0]: row[1].split("  ")[-1] for row in rows} == {
        d.name: "not assessed" if d.level is None else f"{d.level:.1f}" for d in card.dimensions
    }


def test_a_cap_on_the_round_stands_under_the_sum(held: Held) -> None:
    cap = {"cap": "x", "target": "round", "at_most": 2.0, "before": 3.1, "why": "a <b>must</b> was missed"}
    page = shown(
        held, caps=(type(card_of(held)).model_validate(card_of(held).model_dump() | {"caps": [cap]}).caps)
    )
    assert "Held at 2 (it would have been 3.10): a &lt;b&gt;must&lt;/b&gt; was missed" in page


def test_without_a_score_there_is_no_sum_and_no_drawing(held: Held) -> None:
    page = shown(held, score=None, status="insufficient", label=Label.INSUFFICIENT, low=None, high=None)
    assert "What was assessed" in page
    assert "comes about" not in page
    assert 'class="radar"' not in page


def test_every_level_made_of_points_lists_what_each_of_them_earned(held: Held) -> None:
    page = shown(held)
    sections = page.split('<section class="dimension"')[1:]
    counted = 0
    for d, section in zip(card_of(held).dimensions, sections, strict=True):
        if d.share is None:
            assert 'class="counted"' not in section
            continue
        counted += 1
        earned = [row[2] for row in table(section, "counted")[1:] if row[2] != "a bonus"]
        got, of = (sum(float(cell.split(" of ")[k]) for cell in earned) for k in (0, 1))
        assert got / of == pytest.approx(d.share, abs=0.01)
    assert counted > 1


def test_a_sentence_that_shows_several_things_is_quoted_once(held: Held) -> None:
    card = card_of(held)
    first = next(d for d in card.dimensions if d.evidence)
    twice = first.model_copy(update={"evidence": first.evidence + first.evidence})
    dimensions = tuple(twice if d is first else d for d in card.dimensions)
    quotes = [
        len(re.findall(r"<li class=\"(?:for|against)\">", p))
        for p in (shown(held), shown(held, dimensions=dimensions))
    ]
    assert quotes[0] == quotes[1]


def test_each_quote_says_what_it_was_taken_to_show(held: Held) -> None:
    page = html.unescape(shown(held))
    for section in page.split('<ul class="quotes">')[1:]:
        for quote in section.split("</ul>")[0].split("</li>")[:-1]:
            assert re.search(r"<small>(Covered|Partly|Said wrongly): ", quote)


def test_the_highest_level_has_no_level_above_it(held: Held) -> None:
    d = next(d for d in card_of(held).dimensions if d.level is not None)
    top = DimensionResult.model_validate(d.model_dump() | {"anchor": "The top.", "next_anchor": "The top."})
    page = shown(held, dimensions=(top,))
    assert "This level" in page
    assert "One level up" not in page


def test_what_was_not_assessed_looks_like_no_level(held: Held) -> None:
    d = card_of(held).dimensions[0]
    none = d.model_copy(
        update={"level": None, "share": None, "evidence": (), "why": "not assessed: no time was left"}
    )
    section = shown(held, dimensions=(none, *card_of(held).dimensions[1:])).split(
        '<section class="dimension"'
    )[1]
    assert "No time was left." in section
    assert "level-bar" not in section


def test_nobody_is_not_named_as_a_judge(held: Held) -> None:
    judge = card_of(held).judge.model_copy(update={"name": "nobody"})
    assert "no judge, for there was no answer to read" in shown(held, judge=judge)


@given(st.text(alphabet="ab*` \n", max_size=60), st.integers(2, 40))
def test_an_excerpt_leaves_no_mark_open(text: str, size: int) -> None:
    cut = excerpt(text, "", size)
    if "```" in cut:
        return
    assert cut.count("**") % 2 == 0
    assert cut.count("`") % 2 == 0


def test_an_excerpt_of_code_stays_code() -> None:
    cut = excerpt(
        "In NumPy\n\n```python\nD = (X**2).sum(1)[:, None] - 2 * X @ C.T\nE = 1\n```", "In NumPy", 40
    )
    assert cut.startswith("```python\nD = (X**2)")
    assert rich(cut).count("<pre") == 1
    assert "```" not in rich(cut)


def test_an_excerpt_does_not_repeat_its_heading() -> None:
    assert excerpt("In short\n\nIt helps.", "In short", 80) == "It helps."
    assert excerpt("In short", "In short", 80) == "In short"


@pytest.mark.parametrize(("delta", "told"), [(0.04, "same"), (-0.04, "same"), (0.35, "+0.3"), (-1.6, "−1.6")])
def test_a_change_has_a_real_minus_sign(delta: float, told: str) -> None:
    assert signed(delta) == told


def test_the_parts_of_a_story_are_named_and_its_points_are_called_no_level(held: Held) -> None:
    card = card_of(held)
    quote = next(d for d in card.dimensions if d.evidence).evidence[0].quote
    story = card.dimensions[0].model_copy(
        update={"share": None, "evidence": (Evidence(quote=quote, about="result"),)}
    )
    unjudged = [d.model_copy(update={"level": None, "share": None}) for d in card.dimensions[1:]]
    page = shown(held, round=RoundId.BEHAVIORAL, dimensions=(story, *unjudged))
    assert "<small>Heard as the result</small>" in page
    assert "no level comes from them" in page
    assert "no level comes from them" not in shown(held)
