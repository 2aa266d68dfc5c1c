"""What is said of the stories of a behavioural round when only their form can be read: which parts were told, with the
words that were heard, and what to add.

Says nothing about whether a story is good: no public set lets anybody show that form predicts that (rubrics 8.4), so
the only level that comes from here is that of specificity, at most 3, marked as low confidence. Forms are found by
patterns of wording (`telling.py`): what is reported as "not heard" may have been said in other words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.judgement import Judgement, Quote, Removed
from bot.domain.scorecard import Drill, Evidence
from bot.domain.session import SessionState
from bot.scoring.telling import Span, quantities, tell
from bot.scoring.text import read

HEARD_AS = {
    "situation": "heard as what happened",
    "action": "heard as your own action",
    "result": "heard as the result",
}
"""What a quote was taken for, by the part of the story that its evidence is about (`Evidence.about`)."""
QUOTE = 240
"""Characters of a quote at most (`Quote`)."""


@dataclass(frozen=True, slots=True)
class Story:
    """What was heard of the story that answers one question, over all its turns."""

    question: str
    title: str
    found: Mapping[str, float]
    probes: int
    last: int

    @property
    def happened(self) -> bool:
        """Whether anything that happened was told, and not only what somebody thinks or would do."""
        return self.found["action"] > 0 or self.found["situation"] > 0

    @property
    def level(self) -> int:
        """1 nothing that happened, 2 a part is missing, 3 event, own actions and result."""
        if not self.happened:
            return 1
        found = self.found
        whole = found["situation"] > 0 and found["action"] > 1 and found["result"] > 0
        return 3 if whole and found["first_person"] > 0 else 2


def stories(judged: Sequence[Judgement], state: SessionState, titles: Mapping[str, str]) -> list[Story]:
    """The stories in the order in which they were told; `titles` maps question ids to titles."""
    totals: dict[str, defaultdict[str, float]] = {}
    last: dict[str, int] = {}
    for judgement in judged:
        into = totals.setdefault(judgement.question, defaultdict(float))
        last[judgement.question] = judgement.turn
        for name, value in judgement.signals.items():
            into[name] += value
    return [
        Story(
            question=question,
            title=titles.get(question, question),
            found=found,
            probes=len(state.questions[question].probed) if question in state.questions else 0,
            last=last[question],
        )
        for question, found in totals.items()
        if found["words"] >= 1
    ]


def structure_level(told: Sequence[Story]) -> tuple[int, str] | None:
    """Level 1..3 of specificity by form, with the reason; None when no story was told."""
    if not told:
        return None
    level = min(3, sum(s.level for s in told) // len(told))
    whole = sum(s.level == 3 for s in told)
    why = f"in {whole} of {len(told)} {_plural(len(told), 'story', 'stories')} an event, own actions and a result were heard"
    return level, "; ".join([why, *(f"“{s.title}” lacks {_listed(missing(s))}" for s in told if missing(s))])


def missing(story: Story) -> list[str]:
    """The parts that keep a story from level 3, named for people."""
    if not story.happened:
        return ["an event that happened"]
    found = story.found
    lacks = {
        "when or where it was": found["situation"] == 0,
        "an action of your own": found["action"] == 0,
        "a second action of your own": found["action"] == 1,
        "a result": found["result"] == 0,
        "the word “I”": found["action"] > 1 and found["first_person"] == 0,
    }
    return [name for name, absent in lacks.items() if absent]


def advice(story: Story) -> list[tuple[str, str]]:
    """What was not heard, with what to do about it, the dearest first; empty when nothing of its form is missing."""
    found = story.found
    if not story.happened:
        return [
            (
                "only what you think or would do was heard",
                "take one real case and say when it was, what you did yourself, and what came of it",
            )
        ]
    team = found["team_person"]
    group = f" (“we” or “our” {team:.0f} times)" if team > 2 else ""
    steps = [
        (
            found["result"] == 0,
            "no result was heard",
            "say what changed, from what to what, and how you measured it",
        ),
        (found["action"] == 0, f"no action of your own was heard{group}", "say step by step what “I” did"),
        (found["action"] == 1, "only one action of your own was heard", "tell your steps in order"),
        (
            found["action"] > 1 and found["first_person"] == 0,
            "who did it was left open",
            "say “I” where it was you",
        ),
        (
            found["situation"] == 0,
            "when and where it was, was not heard",
            "open with the date, the place and who was there",
        ),
        (
            found["result"] > 0 and found["figures"] == 0,
            "the result was told without a figure",
            "say how much changed, and how you measured it",
        ),
        (found["lesson"] == 0, "no lesson was heard", "say what you have done differently since"),
    ]
    return [(lack, remedy) for applies, lack, remedy in steps if applies]


def structure_report(told: Sequence[Story], *, by_form_only: bool) -> list[str]:
    """What can be said about the form of the stories, in sentences for people; `by_form_only` when nobody judged what
    they say."""
    if not told:
        return []
    opening = (
        "Without a model only the form of your stories is read, by patterns of wording: whether they are good, and "
        "whether they answer the question, is not judged. What was “not heard” may have been said in other words."
        if by_form_only
        else "The form of your stories, found by patterns of wording; it is no part of the score."
    )
    return [opening, *map(_line, told)]


def _line(story: Story) -> str:
    found = story.found
    heard = [
        name
        for name, there in (
            ("when or where it was", found["situation"] > 0),
            (
                f"{found['action']:.0f} {_plural(found['action'], 'action', 'actions')} of your own",
                found["action"] > 0,
            ),
            ("a result with a figure", found["figures"] > 0),
            ("a result", found["result"] > 0 and found["figures"] == 0),
            ("a lesson", found["lesson"] > 0),
        )
        if there and story.happened
    ]
    todo = advice(story)
    said = f"“{story.title}”: heard {_listed(heard)}." if heard else f"“{story.title}”:"
    said += "".join(f" {lack[:1].upper()}{lack[1:]}: {remedy}." for lack, remedy in todo)
    if not todo:
        said += " Nothing is missing in its form."
    mine, numbers = found["first_person"], found["numbers"]
    counts = (
        f"“I” or “my” {mine:.0f} {_plural(mine, 'time', 'times')}, “we” or “our” {found['team_person']:.0f}, "
        f"{numbers:.0f} {_plural(numbers, 'number', 'numbers')}, "
        f"{story.probes} {_plural(story.probes, 'probe', 'probes')}"
    )
    return f"{said} ({counts}.)"


def story_drills(told: Sequence[Story], dimension: str) -> list[Drill]:
    """The stories that lack most, each with the first thing to add."""
    poorest = sorted(told, key=lambda s: (s.level, -len(advice(s))))
    return [
        Drill(text=f"Tell “{s.title}” again and {advice(s)[0][1]}.", dimension=dimension, turn=s.last)
        for s in poorest
        if advice(s)
    ]


def story_evidence(judged: Sequence[Judgement], state: SessionState) -> tuple[Evidence, ...]:
    """For each story the words in which its event, its first action and its result were heard, one quote a part.

    Of the results the last of those with most quantities: a figure before and after says more than what a trial on the
    way had cost.
    """
    best: dict[tuple[str, str], tuple[int, Evidence]] = {}
    for judgement in judged:
        for part, span, text in _heard(judgement, state):
            key = judgement.question, part
            rank = quantities(text[slice(*span)]) if part == "result" else 0
            if key not in best or (part == "result" and rank >= best[key][0]):
                best[key] = rank, Evidence(quote=_quote(judgement.turn, text, span), about=part)
    return tuple(evidence for _, evidence in best.values())


def _heard(judgement: Judgement, state: SessionState) -> Iterable[tuple[str, Span, str]]:
    """The parts that count in one answer, with their place in its text; nothing that was removed as no evidence."""
    text = state.utterance(judgement.turn).text
    readable = _without(text, judgement.removed)
    told = tell(read(readable))
    for part, spans in (("situation", told.situation), ("action", told.action), ("result", told.result)):
        if judgement.signals.get(part, 0) > 0:
            yield from ((part, (a, b), text) for a, b in spans if text[a:b] == readable[a:b])


def _without(text: str, removed: Iterable[Removed]) -> str:
    """The utterance with what is no evidence blanked out, so that offsets stay."""
    for gone in removed:
        text = text[: gone.start] + " " * (gone.end - gone.start) + text[gone.end :]
    return text


def _quote(turn: int, text: str, span: Span) -> Quote:
    begin, end = span
    if end - begin > QUOTE:
        end = max(begin + 1, text.rfind(" ", begin, begin + QUOTE + 1))
    return Quote(turn=turn, start=begin, end=end, text=text[begin:end])


def _plural(count: float, one: str, many: str) -> str:
    return one if count == 1 else many


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
