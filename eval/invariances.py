"""How much another form of the same answer changes what the offline judge finds in it, over every reference answer of the bank.

The whole-round figures of the same rewrites are metrics of the suite `ci`; this table is over single answers, of which the bank
has hundreds. Shares are those of the must checkpoints, 0 to 1. Does not know rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.bank import Bank
from eval.audit import share_of_musts
from eval.rewrites import rewritten
from eval.values import Rewrite

LEVELS = (2, 3, 4)
FORMS = tuple(r for r in Rewrite if r is not Rewrite.SPLIT)  # split in two it is no single answer any more
MEAN, FAR, MOST_FAR = 0.02, 0.34, 0.01
"""Bounds: mean absolute change of a share; a change that is more than one level; share of answers that change so much."""


@dataclass(frozen=True)
class Changed:
    """One answer in another form: the share of the musts before and after."""

    question: str
    level: int
    rewrite: Rewrite
    before: float
    after: float

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


def measure(bank: Bank) -> list[Changed]:
    """Every reference answer of the upper three levels, in every form."""
    return list(_measured(bank))


def _measured(bank: Bank) -> Iterator[Changed]:
    for _, question in sorted(bank.questions.items()):
        rubric = bank.rubric(question.round)
        for level in LEVELS:
            text = question.answers.by_level()[level]
            before = share_of_musts(question, rubric, text)
            for rewrite in FORMS:
                after = share_of_musts(question, rubric, rewritten(text, rewrite))
                yield Changed(question.id, level, rewrite, before, after)


def violations(found: Sequence[Changed]) -> list[str]:
    """What is out of bounds, for people."""
    out = []
    for rewrite in FORMS:
        rows = [c.change for c in found if c.rewrite is rewrite]
        if not rows:
            continue
        mean, far = sum(map(abs, rows)) / len(rows), sum(abs(c) >= FAR for c in rows) / len(rows)
        if rewrite is Rewrite.HALF:
            gains = sum(c >= FAR for c in rows) / len(rows)
            out += [f"half an answer gains a level in {gains:.1%} of the answers"] if gains > 0 else []
        elif mean > MEAN or far > MOST_FAR:
            out.append(
                f"{rewrite.value}: {mean:.3f} on the average, {far:.1%} of the answers by a level or more"
            )
    return out


def render(found: Sequence[Changed]) -> str:
    """For a terminal: a row a form, the three largest changes of each, and what is out of bounds."""
    lines = []
    for rewrite in FORMS:
        rows = [c for c in found if c.rewrite is rewrite]
        mean = sum(abs(c.change) for c in rows) / max(1, len(rows))
        up, down = max(c.change for c in rows), min(c.change for c in rows)
        lines.append(
            f"{rewrite.value:12} n={len(rows)}  mean change {mean:.3f}  from {down:+.2f} to {up:+.2f}"
        )
        worst = sorted(rows, key=lambda c: -abs(c.change))[:3]
        lines += [
            f"    {c.question}, level {c.level}: {c.before:.2f} -> {c.after:.2f}" for c in worst if c.change
        ]
    return "\n".join(lines + [f"NOT PASSED: {why}" for why in violations(found)])
