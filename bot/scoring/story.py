"""The structure report of a behavioural round: which parts of a story were told, and in which form.

Says nothing about whether the story is good: no public set lets anybody show that form predicts that (rubrics 8.4), so
the only level that comes from here is that of specificity, at most 3, marked as low confidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.domain.judgement import Judgement
from bot.domain.session import SessionState

PARTS = ("situation", "task", "action", "result")


def structure_level(judged: Sequence[Judgement], state: SessionState) -> tuple[int, str] | None:
    """Level 1..3 of specificity by form, with the reason; None when no story was told."""
    stories = _stories(judged)
    if not stories:
        return None
    levels = [_level(parts) for parts in stories.values()]
    level = min(3, sum(levels) // len(levels))
    complete = sum(x == 3 for x in levels)
    return level, f"{complete} of {len(levels)} stories have situation, own action and result"


def structure_report(judged: Sequence[Judgement], state: SessionState) -> list[str]:
    """What can be said about the form of the stories, in sentences for people."""
    stories = _stories(judged)
    if not stories:
        return []
    notes = ["Content of stories is not judged offline; this is a report on their form only."]
    for number, (question, found) in enumerate(stories.items(), 1):
        there = [p for p in PARTS if found[p]]
        missing = [p for p in PARTS if not found[p]]
        probes = len(state.questions[question].probed) if question in state.questions else 0
        line = f"Story {number}: {', '.join(there) or 'no part of a story'} told"
        line += f"; {', '.join(missing)} not found" if missing else ""
        line += f"; {found['first_person']:.0f} times I or my, {found['team_person']:.0f} times we or our"
        line += (
            f"; {found['numbers']:.0f} numbers; {'a' if found['lesson'] else 'no'} lesson; {probes} probes."
        )
        notes.append(line)
    return notes


def _stories(judged: Sequence[Judgement]) -> Mapping[str, Mapping[str, float]]:
    totals: dict[str, defaultdict[str, float]] = {}
    for judgement in judged:
        into = totals.setdefault(judgement.question, defaultdict(float))
        for name, value in judgement.signals.items():
            into[name] += value
    return {q: found for q, found in totals.items() if found["words"] >= 1}


def _level(found: Mapping[str, float]) -> int:
    happened = found["action"] > 0 or found["situation"] > 0
    if not happened:
        return 1
    whole = found["situation"] > 0 and found["action"] > 1 and found["result"] > 0
    return 3 if whole and found["first_person"] > 0 else 2
