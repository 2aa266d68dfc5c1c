"""Charts carry their numbers in words and stay inside their box."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.review import charts

LEVEL = st.one_of(st.none(), st.floats(1, 4))


@given(st.lists(st.tuples(st.text(max_size=40), LEVEL, LEVEL), max_size=8))
def test_a_radar_is_well_formed_and_says_every_level(
    rows: list[tuple[str, float | None, float | None]],
) -> None:
    printable = [("".join(c for c in n if c.isprintable()), v, b) for n, v, b in rows]
    drawn = charts.radar([charts.Axis(*row) for row in printable])
    ElementTree.fromstring(drawn)
    if sum(v is not None for _, v, _ in rows) >= 3:
        label = ElementTree.fromstring(drawn).attrib["aria-label"]
        assert all(charts.spoken(v) in label for _, v, _ in printable)


@pytest.mark.parametrize("befores", [(2.0, 3.0, 4.0), (None, 3.0, None), (None, None, 1.0)])
@pytest.mark.parametrize("many", [3, 2])
def test_each_previous_level_is_drawn_and_said(befores: tuple[float | None, ...], many: int) -> None:
    axes = [charts.Axis(f"Dimension {n}", 2.5, b) for n, b in enumerate(befores[:many])]
    drawn = charts.radar(axes)
    there = [b for b in befores[:many] if b is not None]
    assert drawn.count('class="before"') == (1 if len(there) == many == 3 else len(there))
    assert all(f"before {b:.1f}" in drawn for b in there)


@given(st.lists(st.tuples(st.floats(1, 4), st.floats(0, 1)), min_size=1, max_size=40))
def test_a_trend_stays_inside_its_box(values: list[tuple[float, float]]) -> None:
    points = [charts.Point("1 Nov", v, max(1, v - h), min(4, v + h)) for v, h in values]
    drawn = charts.trend(points, "Score")
    ys = [float(y) for y in re.findall(r'cy="([\d.-]+)"', drawn)]
    assert all(0 <= y <= 190 for y in ys)
    ElementTree.fromstring(drawn)


def test_no_points_no_chart() -> None:
    assert charts.trend([], "Score") == ""
    assert charts.spark([3.0], "Score") == ""


def test_marks_on_the_time_line_are_links_with_names() -> None:
    drawn = charts.timeline(
        [charts.Segment("Intro & more", 0, 60, 120)], [charts.Tick(30, "hint", "Hint 1", "#turn-3")], 60
    )
    assert 'href="#turn-3"' in drawn
    assert 'aria-label="0:30, Hint 1"' in drawn
    assert "Intro &amp; more" in drawn


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (61, "1:01"), (3600, "60:00"), (-5, "0:00")]
)
def test_clock(seconds: float, shown: str) -> None:
    assert charts.clock(seconds) == shown
