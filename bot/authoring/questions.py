"""Checks questions as data: references, giveaways, and whether the offline judge orders the four answers.

Pure functions over the bank; runs no code (see `bot/authoring/check.py`) and asks no model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from itertools import combinations

from bot.authoring.findings import Findings
from bot.authoring.scaffold import TEXTS as SCAFFOLD_TEXTS
from bot.bank import Bank
from bot.domain.base import Level
from bot.domain.content import Question
from bot.domain.judgement import Judgement, Status
from bot.domain.ports import JudgeRequest, Line
from bot.scoring.levels import level_of
from bot.scoring.offline import judge_answer

SAME_HINT = 0.5
"""Two hints are the same when they share this many of their three-word runs."""
WORTH = {Status.COVERED: 1.0, Status.PARTIAL: 0.5, Status.WRONG: -1.0, Status.ABSENT: 0.0}


def check_questions(bank: Bank, articles: Collection[str], findings: Findings) -> None:
    """Every check of every question."""
    for question in bank.questions.values():
        check_references(question, bank, articles, findings)
        check_giveaways(question, bank, findings)
        check_contras(question, bank, findings)
    check_duplicates(bank.questions.values(), findings)
    check_order(bank, findings)


def check_own_questions(bank: Bank, everything: Bank, articles: Collection[str], findings: Findings) -> None:
    """The checks of `check_questions` for the questions of `bank`, which are compared with `everything` there is."""
    for question in bank.questions.values():
        check_references(question, bank, articles, findings)
        check_giveaways(question, bank, findings)
        check_contras(question, bank, findings)
        check_leftovers(question, findings)
    check_duplicates(everything.questions.values(), findings, of=set(bank.questions))
    check_order(bank, findings)


def check_leftovers(question: Question, findings: Findings) -> None:
    """Texts of the scaffold that nobody has overwritten yet."""
    texts = {"opening": question.opening, "answers.level_1": question.answers.level_1}
    texts["answers.level_4"] = question.answers.level_4
    for place, text in texts.items():
        if text in SCAFFOLD_TEXTS:
            findings.add(question.id, place, "It is still the scaffold's.", "Write your own.", error=False)


def check_references(question: Question, bank: Bank, articles: Collection[str], findings: Findings) -> None:
    """Competencies, articles and dimensions that do not exist."""
    for competency in question.competencies:
        if competency not in bank.competencies:
            findings.add(question.id, "competencies", f"{competency} is not in corpus/competencies.yaml.")
    for article in question.articles:
        if article not in articles:
            findings.add(
                question.id,
                "articles",
                f"There is no article {article!r}.",
                "Name a file of corpus/articles.",
            )
    dimensions = {d.id for d in bank.rubric(question.round).dimensions}
    for checkpoint in question.checkpoints:
        if checkpoint.dimension not in dimensions:
            findings.add(
                question.id,
                f"checkpoints.{checkpoint.id}.dimension",
                f"The rubric has no {checkpoint.dimension}.",
                f"It has {', '.join(sorted(dimensions))}.",
            )


def judged(question: Question, bank: Bank, text: str) -> Judgement:
    """The offline judge's word on a text as the first answer to a question."""
    lines = (Line(1, "interviewer", "Let us begin."), Line(2, "candidate", text))
    return judge_answer(
        JudgeRequest(
            question=question, rubric=bank.rubric(question.round), level=Level.MID, lines=lines, turn=2
        )
    )


def covered_musts(question: Question, bank: Bank, text: str) -> list[str]:
    """Must-checkpoints that a text, if a candidate said it, would cover."""
    verdicts = judged(question, bank, text).verdicts
    return [
        v.checkpoint
        for v in verdicts
        if v.status is Status.COVERED and question.checkpoint(v.checkpoint).kind == "must"
    ]


def check_giveaways(question: Question, bank: Bank, findings: Findings) -> None:
    """Texts the interviewer may speak early that would earn credit if the candidate repeated them."""
    for number, hint in enumerate(question.hints[:-1], 1):
        for name in covered_musts(question, bank, hint.text):
            findings.add(
                question.id,
                f"hints.{number}",
                f"It says what {name!r} asks for.",
                "Point at it without naming it; the answer belongs into the last hint.",
            )
    check_hint_order(question, findings)
    for checkpoint in question.checkpoints:
        if checkpoint.id in covered_musts(question, bank, checkpoint.probe):
            findings.add(
                question.id, f"checkpoints.{checkpoint.id}.probe", "The probe gives its own answer away."
            )
    for name in covered_musts(question, bank, question.opening):
        findings.add(
            question.id,
            "opening",
            f"Repeating the opening would cover {name!r}.",
            "Tighten the wordings.",
            error=False,
        )


def check_hint_order(question: Question, findings: Findings) -> None:
    """Hints that say the same, so that their order means nothing."""
    for (one, left), (other, right) in combinations(enumerate(question.hints, 1), 2):
        first, second = _shingles(left.text), _shingles(right.text)
        same = left.text.lower() == right.text.lower()
        if same or (first and second and len(first & second) / len(first | second) >= SAME_HINT):
            findings.add(
                question.id,
                f"hints.{other}",
                f"It says the same as hint {one}, so that it is ambiguous which of them is the bigger step.",
                "Let each hint give one step more than the one before.",
            )


def check_contras(question: Question, bank: Bank, findings: Findings) -> None:
    """Good answers that a contradiction pattern would catch."""
    for level in (3, 4):
        for verdict in judged(question, bank, question.answers.by_level()[level]).verdicts:
            if verdict.status is Status.WRONG:
                findings.add(
                    question.id,
                    f"answers.level_{level}",
                    f"It is read as contradicting {verdict.checkpoint!r}: {verdict.why}",
                    "Narrow the `says` wordings, or mend the answer.",
                )


def share(question: Question, judgement: Judgement) -> float:
    """Credited weight over the weight of the musts, unprompted."""
    musts = [c for c in question.checkpoints if c.kind == "must"]
    worth = {v.checkpoint: WORTH[v.status] for v in judgement.verdicts}
    return max(0.0, sum(c.weight * worth.get(c.id, 0.0) for c in musts) / sum(c.weight for c in musts))


def offline_level(question: Question, bank: Bank, text: str) -> tuple[int, float]:
    """(level by the share rule, share) of one text."""
    judgement = judged(question, bank, text)
    got = share(question, judgement)
    beyond = any(
        v.status is Status.COVERED and question.checkpoint(v.checkpoint).kind == "nice"
        for v in judgement.verdicts
    )
    return level_of(got, beyond=beyond), got


def check_order(bank: Bank, findings: Findings) -> None:
    """The four reference answers of every question, ordered by the offline judge; figures by round."""
    by_round: dict[str, list[tuple[int, int, float]]] = {}
    ordered: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for question in bank.questions.values():
        rows = [
            (level, *offline_level(question, bank, text))
            for level, text in question.answers.by_level().items()
        ]
        by_round.setdefault(question.round.value, []).extend(rows)
        for low, high in combinations(rows, 2):
            pairs[question.round.value] += 1
            if low[2] < high[2] or low[1] < high[1]:
                ordered[question.round.value] += 1
            else:
                findings.add(
                    question.id,
                    "answers",
                    f"Offline, level {high[0]} ({high[2]:.2f}) does not come out above level {low[0]} ({low[2]:.2f}).",
                    error=high[0] - low[0] > 1 and question.round.value != "behavioral",
                )
    for name, rows in by_round.items():
        findings.figures[f"answers/{name}"] = {
            "answers": len(rows),
            "pairs_ordered": round(ordered[name] / pairs[name], 3),
            "exact": round(sum(level == got for level, got, _ in rows) / len(rows), 3),
            "adjacent": round(sum(abs(level - got) <= 1 for level, got, _ in rows) / len(rows), 3),
        }


def check_duplicates(
    questions: Iterable[Question],
    findings: Findings,
    threshold: float = 0.35,
    *,
    of: Collection[str] | None = None,
) -> None:
    """Texts that say nearly the same in two questions (three-word shingles); one of the two is in `of`, when given."""
    texts = [
        (q.id, name, _shingles(text))
        for q in questions
        for name, text in (
            ("opening", q.opening),
            ("answers.level_4", q.answers.level_4),
            ("answers.level_1", q.answers.level_1),
        )
        if text not in SCAFFOLD_TEXTS
    ]
    for (one, what, left), (other, what_other, right) in combinations(texts, 2):
        if of is not None and one not in of and other not in of:
            continue
        if what == what_other and one != other and left and right:
            alike = len(left & right) / len(left | right)
            if alike >= threshold:
                findings.add(other, what, f"It is {alike:.0%} the same as that of {one}.", "Write it anew.")


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}
