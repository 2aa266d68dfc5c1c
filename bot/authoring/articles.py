"""Checks articles as data: front matter, length, the section that interviewers read, and what supports the bank.

Knows the files of `corpus/articles`; does not embed or search (the caller brings the search).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from pydantic import Field

from bot.authoring.findings import Findings
from bot.bank import Bank
from bot.bank.yamlfile import line_of, read_text, value_of
from bot.domain.base import CompetencyId, Level, Text, Value
from bot.domain.library import Citation
from bot.errors import ContentError

WORDS = (800, 1_800)
LISTENS = "What an interviewer listens for"
_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.S)


class FrontMatter(Value):
    """The head of an article."""

    title: Text
    competencies: tuple[CompetencyId, ...] = Field(min_length=1)
    level: Level
    summary: Text
    sources: tuple[Text, ...] = Field(min_length=1)


def check_articles(folder: Path, bank: Bank, findings: Findings) -> dict[str, FrontMatter]:
    """Every check of every shipped article; the front matter by slug."""
    heads = _heads(folder, bank, findings, error=True)
    covered = {c for head in heads.values() for c in head.competencies}
    for competency in sorted(set(bank.competencies) - covered):
        findings.add(
            "corpus/articles",
            "",
            f"No article covers {competency} ({bank.competencies[competency].name}).",
            "Write one, or name it among the `competencies` of one that does.",
        )
    findings.figures["articles"] = {"count": len(heads), "competencies": len(covered)}
    return heads


def check_own_articles(folder: Path, bank: Bank, findings: Findings) -> dict[str, FrontMatter]:
    """Checks of the user's own articles. Length and sections are advice; a head that cannot be read is an error."""
    heads = _heads(folder, bank, findings, error=False)
    findings.figures["own_articles"] = {"count": len(heads)}
    return heads


def _heads(folder: Path, bank: Bank, findings: Findings, *, error: bool) -> dict[str, FrontMatter]:
    heads: dict[str, FrontMatter] = {}
    for path in sorted(folder.glob("*.md")):
        try:
            head, body = read_article(path)
        except ContentError as problem:
            add_error(findings, problem)
            continue
        heads[path.stem] = head
        words = len(re.findall(r"[\w’'-]+", body))
        if not WORDS[0] <= words <= WORDS[1]:
            findings.add(
                path.name,
                "",
                f"It has {words} words.",
                f"Write {WORDS[0]} to {WORDS[1]}; more are better as two articles.",
                error=error,
            )
        if f"## {LISTENS}" not in body:
            findings.add(
                path.name,
                "",
                f"The section “{LISTENS}” is missing.",
                f"Add “## {LISTENS}” at the end.",
                error=error,
            )
        for competency in head.competencies:
            if competency not in bank.competencies:
                line = (
                    line_of(read_text(path).split("\n---\n")[0].removeprefix("---\n"), ["competencies"]) + 1
                )
                findings.add(
                    f"{path.name}:{line}",
                    "competencies",
                    f"{competency} is not in corpus/competencies.yaml.",
                    f"It has {', '.join(sorted(bank.competencies))}.",
                )
    return heads


def add_error(findings: Findings, problem: ContentError) -> None:
    """Note what loading a file found."""
    place = Path(problem.file).name + (f":{problem.line}" if problem.line else "")
    findings.add(place, problem.field, problem.problem, problem.hint)


def read_article(path: Path) -> tuple[FrontMatter, str]:
    """Front matter and body. Raises `ContentError`."""
    match = _FRONT.match(read_text(path))
    if match is None:
        raise ContentError(
            "has no front matter",
            file=path,
            line=1,
            hint="Begin with a line ---, then title, competencies, level, summary and sources, then a line ---.",
        )
    return value_of(match.group(1), path, FrontMatter, first_line=2), match.group(2)


def check_support(
    bank: Bank,
    search: Callable[[str], Sequence[Citation]],
    findings: Findings,
    own: Collection[str] = (),
) -> None:
    """Every must-checkpoint has something to read: a relevant passage, preferably of an article its question names.
    For questions in `own`, the user's, that is advice."""
    musts = [(q, c) for q in bank.questions.values() for c in q.checkpoints if c.kind == "must"]
    supported = named = 0
    for question, checkpoint in musts:
        found = search(f"{question.title}: {checkpoint.statement}")
        supported += bool(found)
        named += any(hit.article in question.articles for hit in found)
        if not found:
            findings.add(
                question.id,
                f"checkpoints.{checkpoint.id}",
                "No article has a passage about it.",
                "Write one, or say the statement in the article's words.",
                error=question.id not in own,
            )
    if musts:
        findings.figures["support"] = {
            "must_checkpoints": len(musts),
            "with_a_passage": round(supported / len(musts), 3),
            "in_a_named_article": round(named / len(musts), 3),
        }
