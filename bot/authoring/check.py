"""`mock-interview check`: the whole content, checked as data; code problems by running them.

Puts the checks together in order; each is a pure function elsewhere, except that this one runs the sandbox and the
article search.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.authoring.articles import check_articles, check_support
from bot.authoring.findings import Findings
from bot.authoring.questions import check_questions
from bot.authoring.schemas import schemas
from bot.bank import Bank
from bot.domain.base import RoundId
from bot.domain.content import Question
from bot.domain.library import Citation
from bot.errors import NoSafeEngine, SandboxError

if TYPE_CHECKING:
    from bot.coding import Runner

Progress = Callable[[str, int, int], None]
NEEDED = {"C01", "C02", "C10", "C11"}
NEEDED_EITHER = ({"C05", "C06"}, {"C08", "C09"})


def check_content(
    bank: Bank,
    *,
    corpus: Path,
    schema_folder: Path,
    search: Callable[[str], Sequence[Citation]] | None = None,
    engine: str | None = "auto",
    progress: Progress = lambda what, done, total: None,
) -> Findings:
    """Everything that can be found wrong. `engine` None leaves the code problems unrun, `search` None the support
    of checkpoints unchecked."""
    findings = Findings()
    for problem in bank.problems:
        place = Path(problem.file).name + (f":{problem.line}" if problem.line else "")
        findings.add(place, problem.field, problem.problem, problem.hint)
    progress("articles", 0, 1)
    heads = check_articles(corpus / "articles", bank, findings)
    progress("questions", 0, 1)
    check_questions(bank, heads, findings)
    check_coverage(bank, findings)
    check_schemas(schema_folder, findings)
    if search is not None:
        progress("support", 0, 1)
        check_support(bank, search, findings)
    if engine is not None:
        check_code(bank, engine, findings, progress)
    return findings


def check_coverage(bank: Bank, findings: Findings) -> None:
    """Counts by round, competencies that no question touches, and the ones every loop needs."""
    counts = {r.value: len(bank.of_round(r)) for r in RoundId}
    touched = {c for q in bank.questions.values() for c in q.competencies}
    findings.figures["questions"] = counts
    findings.figures["competencies"] = {"touched": len(touched), "of": len(bank.competencies)}
    for competency in sorted(set(bank.competencies) - touched):
        name = bank.competencies[competency].name
        findings.add("prompts/questions", "", f"No question touches {competency} ({name}).", error=False)
    for needed in [{c} for c in sorted(NEEDED)] + list(NEEDED_EITHER):
        if not needed & touched:
            findings.add(
                "prompts/questions",
                "",
                f"No question touches {' or '.join(sorted(needed))}, which a loop needs.",
            )


def check_schemas(folder: Path, findings: Findings) -> None:
    """Schema files that are not what the models generate."""
    for name, text in schemas().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            findings.add(f"schema/{name}", "", "It is stale.", "Run `mock-interview check --write-schemas`.")


def check_code(bank: Bank, engine: str, findings: Findings, progress: Progress) -> None:
    """Run every problem: the reference passes, every wrong solution fails as declared."""
    from bot.coding import Runner, pick_engine

    problems = [q for q in bank.questions.values() if q.problem is not None]
    try:
        runner = Runner(pick_engine(engine))
    except NoSafeEngine as reason:
        findings.add("prompts/questions", "problem", f"Code problems were not run: {reason}", error=False)
        return
    try:
        asyncio.run(_run_all(problems, runner, findings, progress))
    finally:
        runner.close()
    findings.figures["problems_run"] = len(problems)


async def _run_all(
    problems: Sequence[Question], runner: Runner, findings: Findings, progress: Progress
) -> None:
    for done, question in enumerate(problems):
        assert question.problem is not None, "the caller chose those with a problem"
        progress("code problems", done, len(problems))
        try:
            for text in await runner.check_problem(question.problem):
                findings.add(question.id, "problem", text)
        except SandboxError as reason:
            findings.add(question.id, "problem", f"It could not be run: {reason}", error=False)
    progress("code problems", len(problems), len(problems))
