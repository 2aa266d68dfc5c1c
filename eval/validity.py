"""The validity report: how near the offline scores are to people's, on the bank's own answers and on graded sets.

Reads the sets from a folder that the user names (`NAME/data.jsonl`, rows with question, reference, answer, y); none of
their texts leaves this process. Always beside a score: the same figure for length alone, for the mean of the question
without reading, and for plain reference recall. Run: `python -m eval validity [--data FOLDER] [--json FILE]`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from bot.bank import load_bank
from bot.domain.base import Level, RoundId
from bot.domain.content import Question, Rubric
from bot.domain.ports import JudgeRequest, Line
from bot.resources import corpus_dir, prompts_dir
from bot.scoring.batch import Item, answer_share, score_item
from bot.scoring.levels import level_of
from bot.scoring.offline import judge_answer
from bot.scoring.references import best_cover
from bot.scoring.text import read
from eval import agreement as ag
from eval.agreement import Case, Estimate, Metric

METRICS: Mapping[str, Metric] = {
    "r": ag.r,
    "rho": ag.rho,
    "within": ag.within,
    "QWK": ag.qwk,
    "kappa correct": ag.kappa_correct,
    "exact": ag.exact,
    "adjacent": ag.adjacent,
    "RMSE": ag.rmse,
    "bias": ag.bias,
    "SMD": ag.smd,
    "partial r": ag.partial_r,
}
SHOWN_WITH_INTERVAL = ("r", "within", "QWK", "kappa correct")


@dataclass(frozen=True)
class SetReport:
    """The figures of one set. `coverage`: share scored, missing and insufficient."""

    name: str
    n: int
    questions: int
    coverage: Mapping[str, float]
    figures: Mapping[str, Mapping[str, Estimate]]  # scorer -> metric -> estimate
    bands: Mapping[str, tuple[int, float | None, float | None]]
    note: str = ""
    people: ag.Graders | None = None  # how people agree among themselves, where more than one marked


@dataclass(frozen=True)
class BankReport:
    """The offline judge on the four reference answers of each question."""

    round: str
    questions: int
    pairs: int
    ordered: float
    exact: float
    adjacent: float
    wrong: tuple[str, ...] = field(default=())


def bank_levels(question: Question, rubric: Rubric) -> dict[int, tuple[int, float]]:
    """Authored level -> (level, share of the musts) that the offline judge gives the reference answer."""
    weights = {c.id: (c.weight, c.kind) for c in question.checkpoints}
    found: dict[int, tuple[int, float]] = {}
    for level, text in question.answers.by_level().items():
        lines = (Line(1, "interviewer", question.opening), Line(2, "candidate", text))
        judged = judge_answer(JudgeRequest(question, rubric, Level.MID, lines, 2))
        share, beyond = answer_share(judged.verdicts, weights)
        found[level] = (level_of(share, beyond=beyond), share)
    return found


def bank_report(questions: Iterable[Question], rubrics: Mapping[RoundId, Rubric]) -> list[BankReport]:
    """One row a round: order of all pairs of answers to a question, exact and adjacent level."""
    by_round: defaultdict[RoundId, list[Question]] = defaultdict(list)
    for question in questions:
        by_round[question.round].append(question)
    return [_bank_row(r.value, by_round[r], rubrics[r]) for r in RoundId if by_round[r]]


def _bank_row(name: str, questions: Sequence[Question], rubric: Rubric) -> BankReport:
    right = pairs = exact = near = total = 0
    wrong: list[str] = []
    for question in questions:
        levels = bank_levels(question, rubric)
        for low, high in combinations(sorted(levels), 2):
            pairs += 1
            right += levels[low] < levels[high]
        for authored, (given, share) in levels.items():
            total += 1
            exact += given == authored
            near += abs(given - authored) <= 1
            if given != authored:
                wrong.append(f"{question.id}: level {authored} got {given} (share {share:.2f})")
    return BankReport(name, len(questions), pairs, right / pairs, exact / total, near / total, tuple(wrong))


def load_set(path: Path) -> list[dict[str, Any]]:
    """The rows of a graded set that hold an answer and a mark. Raises OSError or ValueError for a broken file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [r for r in rows if isinstance(r.get("answer"), str) and isinstance(r.get("y"), int | float)]


def set_report(name: str, rows: Sequence[Mapping[str, Any]], *, rounds: int = 400) -> SetReport:
    """All figures of one set, beside its baselines. A set without references borrows one full-mark answer a question,
    which is then left out."""
    rows, note = with_references(rows)
    outcomes = [(row, score_item(_item(row), {}, {})) for row in rows]
    statuses = [o.status for _, o in outcomes]
    coverage = {s: statuses.count(s) / len(statuses) for s in ("scored", "insufficient", "failed")}
    scored = [(row, o.score) for row, o in outcomes if o.score is not None]
    cases = [_case(row, score) for row, score in scored]
    kept = [row for row, _ in scored]
    scorers = {
        "offline": cases,
        "length only": [_case(row, _length(row)) for row in kept],
        "question mean": _question_means(kept),
        "reference recall": [_case(row, _recall(row)) for row in kept],
    }
    figures = {
        scorer: {
            metric: ag.bootstrap(found, compute, rounds=rounds if metric in SHOWN_WITH_INTERVAL else 0)
            for metric, compute in METRICS.items()
            if not (
                scorer == "question mean" and metric == "within"
            )  # it is constant but for the answer itself
        }
        for scorer, found in scorers.items()
    }
    return SetReport(
        name,
        len(cases),
        len({c.question for c in cases}),
        coverage,
        figures,
        ag.bands(cases),
        note,
        ag.between_graders([m for row in rows if (m := _marks(row))]),
    )


def with_references(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], str]:
    """The rows that have a reference or a rubric, or, when none has, with a borrowed full-mark answer for each question."""
    usable = [row for row in rows if row.get("reference") or _rubric(row)]
    if usable:
        return usable, ""
    groups: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[str(row["qid"])].append(row)
    out: list[Mapping[str, Any]] = []
    for group in groups.values():
        full = [r for r in group if r["y"] >= 1 and len(str(r["answer"]).split()) >= 25]
        if not full:
            continue
        chosen = min(full, key=lambda r: hashlib.sha256(str(r["id"]).encode()).hexdigest())
        out += [{**r, "reference": [chosen["answer"]]} for r in group if r is not chosen]
    return out, "no references in the set: one full-mark answer of each question stands in and is left out"


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        id=str(row.get("id", "")),
        question=str(row.get("question") or ""),
        answer=row["answer"],
        reference=row.get("reference") or None,
        checkpoints=_rubric(row),
    )


def _rubric(row: Mapping[str, Any]) -> Any:
    return row.get("checkpoints") or row.get("rubric") or None


def _marks(row: Mapping[str, Any]) -> list[float]:
    """What each person gave, 0..1; empty when one did not mark."""
    marks, most = row.get("scores") or [], float(row.get("max") or 0)
    return (
        [float(m) / most for m in marks]
        if most > 0 and all(isinstance(m, int | float) for m in marks)
        else []
    )


def _case(row: Mapping[str, Any], score: float) -> Case:
    return Case(str(row["qid"]), score, float(row["y"]), len(str(row["answer"]).split()))


def _length(row: Mapping[str, Any]) -> float:
    return min(1.0, math.log1p(len(str(row["answer"]).split())) / math.log1p(100))


def _recall(row: Mapping[str, Any]) -> float:
    said = read(str(row["answer"])).stems
    item = _item(row)
    full = item.reference or (" ".join(p.statement for p in item.checkpoints or ()),)
    shares = [len(wanted & said) / len(wanted) for r in full if (wanted := read(r).stems)]
    return max(shares, default=0.0)


def _question_means(rows: Sequence[Mapping[str, Any]]) -> list[Case]:
    """Each answer gets the mean mark of the other answers to its question: what one knows without reading it."""
    sums: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        sums[str(row["qid"])].append(float(row["y"]))
    overall = math.fsum(float(r["y"]) for r in rows) / len(rows)
    cases = []
    for row in rows:
        marks = sums[str(row["qid"])]
        mean = (math.fsum(marks) - float(row["y"])) / (len(marks) - 1) if len(marks) > 1 else overall
        cases.append(_case(row, mean))
    return cases


def own_by_reference(questions: Iterable[Question]) -> Estimate:
    """Order of the answers of levels 1 to 3 when only the level 4 answer is known: no authored wording helps here."""
    right = pairs = 0
    for question in questions:
        answers = question.answers.by_level()
        covers = {k: best_cover(question.opening, [answers[4]], answers[k]) for k in (1, 2, 3)}
        scores = {k: c.score if c else 0.0 for k, c in covers.items()}
        for low, high in combinations(sorted(scores), 2):
            pairs += 1
            right += scores[low] < scores[high]
    return Estimate(right / pairs if pairs else None, None, None)


def render(bank: Sequence[BankReport], by_reference: Estimate, sets: Sequence[SetReport]) -> str:
    """The report as Markdown."""
    lines = [
        "## The bank's own four-level answers (offline judge)",
        "",
        "| round | questions | pairs ordered | exact level | within one level |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {b.round} | {b.questions} | {b.ordered:.3f} of {b.pairs} | {b.exact:.3f} | {b.adjacent:.3f} |"
        for b in bank
    ]
    lines += [
        "",
        f"From the level 4 answer alone, levels 1 to 3 are ordered right in {by_reference} of pairs.",
        "",
    ]
    for found in sets:
        lines += _render_set(found)
    return "\n".join(lines)


def _render_set(found: SetReport) -> list[str]:
    covered = ", ".join(f"{k} {v:.3f}" for k, v in found.coverage.items())
    lines = [f"## {found.name}: {found.n} answers, {found.questions} questions ({covered})", ""]
    lines += [found.note, ""] if found.note else []
    lines += ["| scorer | " + " | ".join(METRICS) + " |", "|---" * (len(METRICS) + 1) + "|"]
    lines += [
        f"| {scorer} | " + " | ".join(str(figures.get(m, "-")) for m in METRICS) + " |"
        for scorer, figures in found.figures.items()
    ]
    parts = [
        f"{band}: n {n}" + (f", exact {hit:.2f}, mean error {error:+.2f}" if hit is not None else "")
        for band, (n, hit, error) in found.bands.items()
    ]
    lines += ["", "By quality: " + "; ".join(parts) + "."]
    if (p := found.people) is not None:
        r, kappa, exact = ("-" if v is None else f"{v:.3f}" for v in (p.r, p.qwk, p.exact))
        lines += ["", f"{p.graders} people on the same {p.n} answers: r {r}, QWK {kappa}, exact {exact}."]
    return [*lines, ""]


def main(argv: Sequence[str] | None = None) -> int:
    """Print the report; 2 when the folder holds no graded set."""
    parser = argparse.ArgumentParser(prog="python -m eval validity", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with NAME/data.jsonl of human-graded sets")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    parser.add_argument("--rounds", type=int, default=400, help="bootstrap rounds")
    args = parser.parse_args(argv)
    bank = load_bank(prompts_dir(), corpus_dir())
    own = bank_report(bank.questions.values(), bank.rubrics)
    by_reference = own_by_reference(q for q in bank.questions.values() if q.round is not RoundId.BEHAVIORAL)
    sets: list[SetReport] = []
    if args.data:
        files = sorted(args.data.glob("*/data.jsonl"))
        if not files:
            print(f"There is no NAME/data.jsonl in {args.data}.", file=sys.stderr)
            return 2
        for path in files:
            rows = load_set(path)
            if not rows:
                print(f"{path.parent.name}: no single answers with marks, left out", file=sys.stderr)
                continue
            sets.append(set_report(path.parent.name, rows, rounds=args.rounds))
    else:
        print("No --data: only the bank's own answers are reported.", file=sys.stderr)
    print(render(own, by_reference, sets))
    if args.json:
        value = {"bank": [asdict(b) for b in own], "sets": [asdict(s) for s in sets]}
        args.json.write_text(json.dumps(value, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
