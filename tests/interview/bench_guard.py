"""What the output guard catches of the bank, for docs/benchmarks.md: `python -m tests.interview.bench_guard`.

Says aloud, at the first probe of each question, what must not come out (checkpoint statements, the last two hints), and
every probe, challenge and fact of the question, which are an interviewer's own words but belong to other moments. Prints
what is caught of either and why. Asserts nothing.
"""

from __future__ import annotations

from collections import Counter

from bot.bank import load_bank
from bot.domain.base import Level, Mode
from bot.domain.content import Question
from bot.domain.moves import Move, MoveKind
from bot.domain.ports import Line, Material, Scene
from bot.interview.guard import Guard
from bot.interview.material import _secrets
from bot.resources import corpus_dir, prompts_dir


def guard_of(question: Question) -> Guard:
    """The guard of a probe that nobody has written words for, after the opening."""
    move = Move(kind=MoveKind.PROBE, reason="missing", question=question.id)
    scene = Scene(
        round=question.round,
        level=Level.MID,
        mode=Mode.PRACTICE,
        loop="standard",
        question_title=question.title,
        question_opening=question.opening,
        lines=(Line(1, "interviewer", question.opening),),
    )
    material = Material(move=move, authored="What else?", secret=_secrets(move, question))
    return Guard.for_move(material, scene)


def main() -> None:
    """Prints both tables."""
    bank = load_bank(prompts_dir(), corpus_dir())
    secret, missed, own, why = 0, [], 0, Counter[str]()
    for question in bank.questions.values():
        guard = guard_of(question)
        for text in [*(c.statement for c in question.checkpoints), *(h.text for h in question.hints[-2:])]:
            secret += 1
            if "leak" not in guard.check(text):
                missed.append((question.id, text))
        probes = [p for c in question.checkpoints for p in (c.probe, *(x.challenge for x in c.contra))]
        for text in [*probes, *question.challenges, *(f.answer for f in question.facts)]:
            own += 1
            why.update(guard.check(text))
    print(
        f"{len(bank.questions)} questions; secrets said aloud: {secret}, not caught as a leak: {len(missed)}"
    )
    for name, text in missed:
        print(f"  {name}: {text}")
    print(f"probes, challenges and facts at another moment: {own}")
    for kind, n in why.most_common():
        print(f"  {kind}: {n} ({n / own:.0%})")


if __name__ == "__main__":
    main()
