"""Loads questions, rubrics, loops and the competency map, and cross-checks them.

A file with a mistake is left out and its error kept, so that one bad file never stops the app. Deep checks that run
code or judges are in `bot/bank/check.py`. Does not know sessions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.bank.yamlfile import line_of, load_value, parse_yaml, read_text
from bot.domain.base import RoundId
from bot.domain.content import Competency, Loop, Question, Rubric
from bot.errors import ContentError, NotFound

T = TypeVar("T", Question, Rubric)


@dataclass(frozen=True)
class Bank:
    """Everything authored, by id. `problems` lists the files that were left out, each with what to write."""

    questions: dict[str, Question]
    rubrics: dict[RoundId, Rubric]
    loops: dict[str, Loop]
    competencies: dict[str, Competency]
    files: dict[str, Path] = field(default_factory=dict)  # question id -> file
    problems: tuple[ContentError, ...] = ()
    digest: str = ""

    def question(self, question_id: str) -> Question:
        """The question of that id. Raises `NotFound`."""
        try:
            return self.questions[question_id]
        except KeyError:
            raise NotFound(f"There is no question {question_id!r} in the bank.") from None

    def add(self, question: Question, path: Path) -> None:
        """Take in a question that was just written, so that it can be asked at once."""
        self.questions[question.id] = question
        self.files[question.id] = path

    def remove(self, question_id: str) -> None:
        """Forget a question whose file was removed."""
        self.questions.pop(question_id, None)
        self.files.pop(question_id, None)

    def of_round(self, round_id: RoundId) -> list[Question]:
        """The questions of one round, by id."""
        return [q for _, q in sorted(self.questions.items()) if q.round is round_id]

    def rubric(self, round_id: RoundId) -> Rubric:
        """The rubric of a round. Raises `NotFound`."""
        try:
            return self.rubrics[round_id]
        except KeyError:
            raise NotFound(f"There is no rubric for the round {round_id.value!r}.") from None

    def loop(self, loop_id: str) -> Loop:
        """The loop of that id. Raises `NotFound` with the ids there are."""
        try:
            return self.loops[loop_id]
        except KeyError:
            raise NotFound(
                f"There is no loop {loop_id!r}.", hint=f"There are: {', '.join(sorted(self.loops))}."
            ) from None


def load_bank(prompts: Path, corpus: Path, own_questions: Path | None = None) -> Bank:
    """Everything under `prompts/` and `corpus/competencies.yaml`, and the questions of a folder of the user's own."""
    problems: list[ContentError] = []
    questions: dict[str, Question] = {}
    files: dict[str, Path] = {}
    for folder in (prompts / "questions", own_questions):
        for path, question in _load_all(folder, "*/*.yaml", Question, problems):
            _add_question(question, path, questions, files, problems)
    rubrics = {r.round: r for _, r in _load_all(prompts / "rubrics", "*.yaml", Rubric, problems)}
    loops = _loops(prompts / "loops", problems)
    competencies = _competencies(corpus / "competencies.yaml", problems)
    return Bank(
        questions, rubrics, loops, competencies, files, tuple(problems), _digest(questions, rubrics, loops)
    )


def _load_all(
    folder: Path | None, pattern: str, kind: type[T], problems: list[ContentError]
) -> Iterator[tuple[Path, T]]:
    if folder is None:
        return
    if not folder.is_dir():
        problems.append(
            ContentError("is not there", file=folder, hint="Make the folder or change the setting.")
        )
        return
    for path in sorted(folder.glob(pattern)):
        try:
            yield path, load_value(path, kind)
        except ContentError as problem:
            problems.append(problem)


def _loops(folder: Path, problems: list[ContentError]) -> dict[str, Loop]:
    """The loops of a folder. A file with `based_on: <file name>` says only what is different there."""
    loops: dict[str, Loop] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            loop = load_value(path, Loop, prepare=partial(_on_base, path=path))
        except ContentError as problem:
            problems.append(problem)
            continue
        loops[loop.id] = loop
    return loops


def _on_base(data: Any, *, path: Path) -> Any:
    """A loop's own entries laid over those of the loop that it is based on; rounds are matched by name."""
    if not isinstance(data, dict) or "based_on" not in data:
        return data
    own = {key: value for key, value in data.items() if key != "based_on"}
    base_path = path.parent / f"{data['based_on']}.yaml"
    base = parse_yaml(read_text(base_path), base_path)
    if "based_on" in base:
        raise ContentError("a base must stand on its own", file=path, field="based_on")
    changes = {spec.get("round"): spec for spec in own.pop("rounds", [])}
    unknown = set(changes) - {spec["round"] for spec in base["rounds"]}
    if unknown:
        raise ContentError(
            f"the base has no round {sorted(map(str, unknown))[0]!r}", file=path, field="rounds"
        )
    rounds = [{**spec, **changes.get(spec["round"], {})} for spec in base["rounds"]]
    return {**base, **own, "rounds": rounds}


def _add_question(
    question: Question,
    path: Path,
    questions: dict[str, Question],
    files: dict[str, Path],
    problems: list[ContentError],
) -> None:
    if question.id in questions:
        other = files[question.id]
        problems.append(
            ContentError(
                f"the id {question.id!r} is taken by {other}",
                file=path,
                line=line_of(read_text(path), ["id"]),
                field="id",
                hint="Give one of the two another id.",
            )
        )
    elif path.parent.name != question.round.value:
        problems.append(
            ContentError(
                f"lies in {path.parent.name}/ but says round {question.round.value}",
                file=path,
                line=line_of(read_text(path), ["round"]),
                field="round",
                hint="Move the file, or change `round`.",
            )
        )
    else:
        questions[question.id] = question
        files[question.id] = path


def _competencies(path: Path, problems: list[ContentError]) -> dict[str, Competency]:
    try:
        return {c.id: c for c in load_value(path, TypeAdapter(list[Competency]))}
    except ContentError as problem:
        problems.append(problem)
        return {}


def _digest(*parts: dict[str, Question] | dict[RoundId, Rubric] | dict[str, Loop]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        for key in sorted(part, key=str):
            digest.update(part[key].model_dump_json().encode())  # type: ignore[index]
    return digest.hexdigest()[:16]
