"""`mock-interview check`: the whole content, checked as data; code problems by running them.

Puts the checks together in order; each is a pure function elsewhere, except that this one runs the sandbox and the
article search.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.authoring.articles import add_error, check_articles, check_own_articles, check_support
from bot.authoring.findings import Findings
from bot.authoring.places import placed
from bot.authoring.prose import Passage, passages
from bot.authoring.questions import check_own_questions, check_questions
from bot.authoring.reading import check_reading
from bot.authoring.schemas import schemas
from bot.authoring.spelling import WORD_LIST, Speller, check_spelling, read_words
from bot.bank import Bank
from bot.domain.base import RoundId
from bot.domain.content import Question
from bot.domain.library import Citation
from bot.errors import ContentError, NoSafeEngine, SandboxError

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
    own: Path | None = None,
    own_articles: Path | None = None,
    search: Callable[[str], Sequence[Citation]] | None = None,
    engine: str | None = "auto",
    own_only: bool = False,
    progress: Progress = lambda what, done, total: None,
) -> Findings:
    """Everything that can be found wrong. `engine` None leaves the code problems unrun, `search` None the support
    of checkpoints unchecked. `own` and `own_articles` are folders of the user's: style is advice there, not an error.
    With `own_only` the shipped content is not checked again, only compared with."""
    if own_only:
        return _check_own(bank, corpus, (own, own_articles), search, engine, progress)
    findings = Findings()
    for problem in bank.problems:
        add_error(findings, problem)
    progress("articles", 0, 1)
    heads = check_articles(corpus / "articles", bank, findings)
    if own_articles is not None:
        heads |= check_own_articles(own_articles, bank, findings)
    progress("prose", 0, 1)
    check_prose(corpus, schema_folder.parent, (own, own_articles), findings)
    progress("questions", 0, 1)
    check_questions(bank, heads, findings)
    check_coverage(bank, findings)
    check_schemas(schema_folder, findings)
    if search is not None:
        progress("support", 0, 1)
        check_support(bank, search, findings, _own_files(bank, own))
    if engine is not None:
        check_code(bank, engine, findings, progress)
    findings.found = placed(findings.found, bank.files)
    return findings


def _check_own(
    bank: Bank,
    corpus: Path,
    folders: tuple[Path | None, Path | None],
    search: Callable[[str], Sequence[Citation]] | None,
    engine: str | None,
    progress: Progress,
) -> Findings:
    findings = Findings()
    own, own_articles = folders
    mine = _own_files(bank, own)
    for problem in bank.problems:
        if own is not None and Path(problem.file).is_relative_to(own):
            add_error(findings, problem)
    small = replace(bank, questions={q: bank.questions[q] for q in mine})
    heads = {path.stem for path in (corpus / "articles").glob("*.md")}
    if own_articles is not None:
        heads |= set(check_own_articles(own_articles, bank, findings))
    check_own_prose(folders, _words(corpus / WORD_LIST, findings), findings)
    check_own_questions(small, bank, heads, findings)
    findings.counts = {r.value: len(small.of_round(r)) for r in RoundId if small.of_round(r)}
    findings.figures["questions"] = findings.counts
    if search is not None:
        progress("support", 0, 1)
        check_support(small, search, findings, mine)
    if engine is not None:
        check_code(small, engine, findings, progress)
    findings.found = placed(findings.found, bank.files)
    return findings


def _own_files(bank: Bank, own: Path | None) -> dict[str, Path]:
    """The user's questions: id -> file."""
    return {q: file for q, file in bank.files.items() if own is not None and file.is_relative_to(own)}


def check_prose(corpus: Path, prompts: Path, own: Sequence[Path | None], findings: Findings) -> None:
    """Spelling and reading level: of the shipped content, and of the user's folders with the user's own words."""
    shipped = [
        *sorted((prompts / "questions").glob("*/*.yaml")),
        *sorted((prompts / "rubrics").glob("*.yaml")),
        *sorted((prompts / "loops").glob("*.yaml")),
        corpus / "competencies.yaml",
        *sorted((corpus / "articles").glob("*.md")),
    ]
    words = _words(corpus / WORD_LIST, findings)
    texts = _texts(shipped)
    looked = check_spelling(texts, Speller(words), findings, advice=f"{corpus.name}/{WORD_LIST}", error=True)
    check_reading(texts, findings, error=True)
    findings.figures["spelling"] = {"words": looked, "word_list": len(words)}
    check_own_prose(own, words, findings)


def check_own_prose(own: Sequence[Path | None], words: Sequence[str], findings: Findings) -> None:
    """The same for folders of the user's; `words` are those of the shipped list."""
    for folder in dict.fromkeys(f for f in own if f is not None and f.is_dir()):
        mine = _texts([*sorted(folder.glob("*/*.yaml")), *sorted(folder.glob("*.md"))])
        speller = Speller([*words, *_words(folder / WORD_LIST, findings)])
        check_spelling(mine, speller, findings, advice=str(folder / WORD_LIST), error=False)
        check_reading(mine, findings, error=False, label="own ")


def _texts(files: Sequence[Path]) -> list[Passage]:
    """The prose of files that can be read; what is wrong with the others was said when they were loaded."""
    found: list[Passage] = []
    for path in files:
        with suppress(ContentError):
            found.extend(passages(path))
    return found


def _words(path: Path, findings: Findings) -> list[str]:
    if not path.exists():
        return []
    try:
        return read_words(path)
    except ContentError as problem:
        add_error(findings, problem)
        return []


def check_coverage(bank: Bank, findings: Findings) -> None:
    """Counts by round, competencies that no question touches, and the ones every loop needs."""
    counts = {r.value: len(bank.of_round(r)) for r in RoundId}
    touched = {c for q in bank.questions.values() for c in q.competencies}
    findings.counts = counts
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
    """All of them at once; the runner lets as many run as there are cores, and findings keep the order."""
    done = 0

    async def check(question: Question) -> tuple[list[str], str]:
        nonlocal done
        assert question.problem is not None, "the caller chose those with a problem"
        found, failed = [], ""
        try:
            found = await runner.check_problem(question.problem)
        except SandboxError as reason:
            failed = str(reason)
        done += 1
        progress("code problems", done, len(problems))
        return found, failed

    progress("code problems", 0, len(problems))
    results = await asyncio.gather(*(check(question) for question in problems))
    for question, (found, failed) in zip(problems, results, strict=True):
        for text in found:
            findings.add(question.id, "problem", text)
        if failed:
            findings.add(question.id, "problem", f"It could not be run: {failed}", error=False)
