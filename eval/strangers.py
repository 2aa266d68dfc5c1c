"""Answers of strangers: how much of what they rightly say the offline judge credits, and how much of what is false.

The answers in `eval/strangers/*.jsonl` were written from the openings and the checkpoints' statements alone, by people who
had not seen the accepted wordings, and labelled by them with what they state, touch and contradict. `learnt.jsonl` was open
while the matcher was built, `kept.jsonl` was not. Says nothing about the model judge or about real candidates' marks.
Run: `python -m eval strangers [--file FILE]`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.bank import Bank, load_bank
from bot.domain.base import Level, RoundId
from bot.domain.content import Question
from bot.domain.judgement import Judgement, Status
from bot.domain.ports import JudgeRequest, Line
from bot.resources import corpus_dir, prompts_dir
from bot.scoring.batch import answer_share
from bot.scoring.levels import level_of
from bot.scoring.offline import judge_answer
from eval import agreement as ag
from eval.agreement import Case

FOLDER = Path(__file__).resolve().parent / "strangers"
Style = Literal["trade", "everyday", "spoken", "terse", "wrong"]
Said = Literal["stated", "touched", "contradicted", "unsaid"]


class Parts(BaseModel):
    """Which parts of a story an answer really tells."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    situation: bool
    action: bool
    result: bool
    lesson: bool


class Stranger(BaseModel):
    """One answer with the checkpoints that it truly states, only touches, or contradicts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    style: Style
    text: str
    covers: tuple[str, ...]
    partly: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    star: Parts | None = None

    def label(self, checkpoint: str) -> Said:
        """What the answer does with a checkpoint."""
        if checkpoint in self.covers:
            return "stated"
        if checkpoint in self.wrong:
            return "contradicted"
        return "touched" if checkpoint in self.partly else "unsaid"


@dataclass(frozen=True)
class Found:
    """What the judge made of one answer: status by (round, style, label), its share of the musts and the true one."""

    answer: Stranger
    round: RoundId
    statuses: tuple[tuple[Said, Status], ...]
    share: float
    true_share: float
    level: int


def load(path: Path) -> list[Stranger]:
    """The answers of a file of JSON Lines. Raises `ValidationError` for a row that is none."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Stranger.model_validate_json(line) for line in lines if line.strip()]


def judged(answer: Stranger, bank: Bank) -> Found:
    """The offline judgement of one answer, beside its labels."""
    question = bank.question(answer.question)
    found = _judge(question, answer.text, bank)
    weights = {c.id: (c.weight, c.kind) for c in question.checkpoints}
    share, beyond = answer_share(found.verdicts, weights)
    return Found(
        answer,
        question.round,
        tuple((answer.label(v.checkpoint), v.status) for v in found.verdicts),
        share,
        _true_share(answer, question),
        level_of(share, beyond=beyond),
    )


def credited(found: Iterable[Found], said: Said) -> Mapping[Status, float]:
    """Share of the checkpoints with that label by what the judge made of them; empty when there is none."""
    counts = Counter(status for f in found for label, status in f.statuses if label == said)
    total = sum(counts.values())
    return {status: counts[status] / total for status in Status} if total else {}


def cases(found: Iterable[Found]) -> list[Case]:
    """The judged share of the musts against the true one, as the validity report compares scores with marks."""
    return [Case(f.answer.question, f.share, f.true_share, len(f.answer.text.split())) for f in found]


def _judge(question: Question, text: str, bank: Bank) -> Judgement:
    lines = (Line(1, "interviewer", question.opening), Line(2, "candidate", text))
    return judge_answer(JudgeRequest(question, bank.rubric(question.round), Level.MID, lines, 2))


def _true_share(answer: Stranger, question: Question) -> float:
    musts = [c for c in question.checkpoints if c.kind == "must"]
    worth = {"stated": 1.0, "touched": 0.5, "contradicted": 0.0, "unsaid": 0.0}
    return sum(c.weight * worth[answer.label(c.id)] for c in musts) / sum(c.weight for c in musts)


def render(found: Sequence[Found], *, rounds: int = 400) -> str:
    """The report as Markdown."""
    lines = [
        f"{len(found)} answers to {len({f.answer.question for f in found})} questions.",
        "",
        "| answers | n | stated: covered | partly | false: covered | partly | found wrong | unsaid: covered | partly |",
        "|---" * 9 + "|",
    ]
    groups: dict[str, list[Found]] = {"all": list(found)}
    for f in sorted(found, key=lambda f: (list(RoundId).index(f.round), f.answer.style)):
        groups.setdefault(f.round.label, []).append(f)
    for style in ("trade", "spoken", "terse", "everyday", "wrong"):
        groups[f"in style {style}"] = [f for f in found if f.answer.style == style]
    lines += [_row(name, group) for name, group in groups.items() if group]
    content = [f for f in found if f.round is not RoundId.BEHAVIORAL]
    compared = cases(content)
    lines += ["", "Judged against true share of the musts (rounds with content):", ""]
    for name, metric in (
        ("r", ag.r),
        ("within questions", ag.within),
        ("partial r given length", ag.partial_r),
    ):
        lines.append(f"- {name}: {ag.bootstrap(compared, metric, rounds=rounds)}")
    lengths = [c._replace(score=min(1.0, c.words / 150)) for c in compared]
    lines += [
        f"- mean absolute difference: {sum(abs(f.share - f.true_share) for f in content) / len(content):.3f}",
        f"- length alone: r {ag.bootstrap(lengths, ag.r, rounds=rounds)}",
    ]
    levels = Counter(f.level for f in content if f.answer.style == "wrong")
    if levels:
        shown = ", ".join(f"level {k}: {n}" for k, n in sorted(levels.items()))
        lines.append(f"- answers that are false throughout: {shown}")
    return "\n".join(lines)


def _row(name: str, group: Sequence[Found]) -> str:
    stated, false, unsaid = (credited(group, said) for said in ("stated", "contradicted", "unsaid"))
    cells = [_share(stated, Status.COVERED), _share(stated, Status.PARTIAL)]
    cells += [_share(false, s) for s in (Status.COVERED, Status.PARTIAL, Status.WRONG)]
    cells += [_share(unsaid, Status.COVERED), _share(unsaid, Status.PARTIAL)]
    return f"| {name} | {len(group)} | " + " | ".join(cells) + " |"


def _share(found: Mapping[Status, float], status: Status) -> str:
    return f"{found[status]:.3f}" if found else "-"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report for each file."""
    parser = argparse.ArgumentParser(prog="python -m eval strangers", description=__doc__)
    parser.add_argument("--file", type=Path, action="append", help="answers of your own in the same form")
    parser.add_argument("--rounds", type=int, default=400, help="bootstrap rounds")
    args = parser.parse_args(argv)
    bank = load_bank(prompts_dir(), corpus_dir())
    for path in args.file or sorted(FOLDER.glob("*.jsonl")):
        print(f"## {path.stem}\n\n{render([judged(a, bank) for a in load(path)], rounds=args.rounds)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
