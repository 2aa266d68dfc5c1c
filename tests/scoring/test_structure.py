"""The form of stories: parts that were told, and opinions that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scoring.structure import signals
from bot.scoring.telling import tell
from bot.scoring.text import read


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("In March 2022 our recommender lost a tenth of its clicks.", "situation"),
        ("Since Q3 2021 I own the pipeline.", "situation"),
        ("We had two labellers and no budget.", "situation"),
        ("We had to be careful.", "task"),
        ("Complaints went from 17 to 12 a week.", "result"),
        ("I took the error from 17 % to 12 %.", "result"),
        ("Latency is now 40 ms instead of 90.", "result"),
        ("Churn fell by a third.", "result"),
    ],
)
def test_parts_of_a_story_are_found(said: str, part: str) -> None:
    assert signals(read(said))[part] == 1


RESULTS = """
Nobody had to restart it by hand again.
We ended up with two alarms a week.
Since then not one invoice was lost.
The support team still uses it.
It went live in May and three shops took it over.
The board voted for it, and we shipped in June.
It now takes ten minutes instead of two hours.
Our on-call load is a third of what it was.
It saved the company about 40,000 euros a year.
There hasn't been an outage since.
Conversion was up 4 % after six weeks.
The feature was never launched, which spared us half a year.
Latency: 900 ms before, 120 ms after.
That cut the waiting time in half.
Since the launch we have had two alarms a month, down from thirty.
They ended up rolling it out in all 14 branches.
It became the standard for all new models.
It stayed at 31 percent, so we dropped the idea.
He now reviews the others' code.
I managed to get it from 40 down to 5.
""".strip().split("\n")

NO_RESULTS = """
I'd expect it to go from 17 to 12.
The goal was to cut latency from 90 to 40 ms.
We hoped that churn would fall by a third.
They promised that it would be live by May.
If we had launched, errors would have dropped from 5 to 3.
The plan was to roll it out at the end of June.
In principle you always end up with fewer errors.
Such a model usually halves the time.
Our competitor claimed that errors fell by half.
We will launch it in the autumn.
I was asked to bring costs down from 40 to 30 thousand.
I would roll it out to two teams and then they would adopt it.
It should have saved us 20,000 euros.
Nobody should ever have to do that again.
I hope that it saves two hours a week.
In 2021 the error rate had risen from 3 to 9 percent.
I could imagine that it drops from 10 to 5.
I tried to get it from 10 down to 5.
I offered: two weeks more now, or 4 points less.
Options: the depot's target halved, or 80,000 for stock.
""".strip().split("\n")


@pytest.mark.parametrize("said", RESULTS)
def test_a_result_is_found_however_it_is_told(said: str) -> None:
    assert signals(read(said))["result"] == 1


@pytest.mark.parametrize("said", NO_RESULTS)
def test_plans_wishes_claims_and_offers_are_no_results(said: str) -> None:
    assert signals(read(said))["result"] == 0


@pytest.mark.parametrize(
    "said",
    [
        "I, um, I spent a week with two dispatchers.",
        "I'd recorded the outputs of a year.",
        "Sorted 60 failures by cause.",
        "I asked her what would decide it.",
    ],
)
def test_an_own_action_is_found_in_speech_and_notes(said: str) -> None:
    assert signals(read(said))["action"] == 1


@pytest.mark.parametrize(
    "said",
    [
        "I'd talk to the manager if I found a problem.",
        "I always checked everything twice.",
        "I needed more data.",
        "If I trained it again, I would take more layers.",
        "Promised by sales, built by others.",
    ],
)
def test_wishes_habits_and_states_are_no_own_action(said: str) -> None:
    assert signals(read(said))["action"] == 0


def test_figures_before_the_first_action_are_the_trouble_and_not_the_result() -> None:
    trouble = "At my last company recall had dropped from 93 to 78 %. "
    told = "I compared one bottle in both plants and switched the correction off. "
    assert signals(read(trouble + told))["result"] == 0
    assert signals(read(trouble + told + "Recall was back at 92 %."))["result"] == 1


def test_each_part_is_cut_from_the_words_as_they_were_written() -> None:
    said = "In May 2021 Ana asked me. I wrote the checks; errors fell from 9 to 3 %. Fine."
    told = tell(read(said))
    assert [said[a:b] for a, b in told.situation] == ["In May 2021 Ana asked me."]
    assert [said[a:b] for a, b in told.action] == ["I wrote the checks;"]
    assert [said[a:b] for a, b in told.result] == ["errors fell from 9 to 3 %."]
    assert told.figures == told.result


@given(st.text(max_size=400))
def test_any_text_can_be_read_and_spans_lie_in_it(said: str) -> None:
    told = tell(read(said))
    for begin, end in (*told.situation, *told.action, *told.result):
        assert 0 <= begin < end <= len(said)


@pytest.mark.parametrize(
    "said",
    [
        "I think we had a good chance.",
        "We had a feeling.",
        "If we had a bigger team I would delegate.",
        "I feel our team should write tests.",
        "I believe it went from 3 to 5.",
    ],
)
def test_opinions_tell_nothing_that_happened(said: str) -> None:
    found = signals(read(said))
    assert found["situation"] == found["result"] == 0
