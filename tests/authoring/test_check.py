"""The content checks find planted mistakes, and the shipped content has none that they find."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from jsonschema import Draft202012Validator

from bot.authoring.articles import check_articles, check_support
from bot.authoring.check import check_coverage
from bot.authoring.findings import Findings
from bot.authoring.questions import (
    check_duplicates,
    check_giveaways,
    check_order,
    check_questions,
    covered_musts,
)
from bot.authoring.scaffold import new_question
from bot.authoring.schemas import schemas
from bot.bank import Bank, load_bank
from bot.bank.yamlfile import parse_yaml
from bot.domain.base import RoundId
from bot.domain.content import Question
from bot.errors import InputRefused
from bot.resources import corpus_dir, prompts_dir
from tests.support.bank import real_bank

NAME = "ps-bias-variance"


@pytest.fixture(scope="module")
def bank() -> Bank:
    return real_bank()


@pytest.fixture(scope="module")
def articles() -> set[str]:
    return {p.stem for p in (corpus_dir() / "articles").glob("*.md")}


def with_question(bank: Bank, question: Question) -> Bank:
    return dataclasses.replace(bank, questions={question.id: question})


def found(check: Callable[[Findings], None]) -> list[str]:
    findings = Findings()
    check(findings)
    return [str(f) for f in findings.found if f.error]


@pytest.mark.slow
def test_the_shipped_questions_pass_every_check(bank: Bank, articles: set[str]) -> None:
    findings = Findings()
    check_questions(bank, articles, findings)
    check_coverage(bank, findings)
    check_articles(corpus_dir() / "articles", bank, findings)
    assert [str(f) for f in findings.errors] == []


@pytest.mark.slow
def test_no_hint_before_the_last_holds_a_must(bank: Bank) -> None:
    given_away = {
        f"{question.id} hint {number}": names
        for question in bank.questions.values()
        for number, hint in enumerate(question.hints[:-1], 1)
        if (names := covered_musts(question, bank, hint.text))
    }
    assert given_away == {}


def test_the_schema_files_are_what_the_models_say() -> None:
    stale = [
        name
        for name, text in schemas().items()
        if (prompts_dir() / "schema" / name).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run: mock-interview check --write-schemas"


def test_a_hint_or_probe_that_gives_the_answer_away_is_found(bank: Bank) -> None:
    question = bank.question(NAME)
    spoiler = question.answers.level_4
    hints = tuple(hint.model_copy(update={"text": spoiler}) for hint in question.hints)
    texts = found(lambda f: check_giveaways(question.model_copy(update={"hints": hints}), bank, f))
    given_away = {
        place for place in range(1, 6) if any(f"hints.{place}" in t for t in texts if "asks for" in t)
    }
    assert given_away == {1, 2, 3, 4}, "the last hint is the answer"
    probes = tuple(c.model_copy(update={"probe": spoiler.replace("?", ".")}) for c in question.checkpoints)
    texts = found(lambda f: check_giveaways(question.model_copy(update={"checkpoints": probes}), bank, f))
    assert any("gives its own answer away" in t for t in texts)


def test_answers_in_the_wrong_order_are_found(bank: Bank) -> None:
    question = bank.question(NAME)
    answers = question.answers.model_copy(
        update={"level_1": question.answers.level_4, "level_4": question.answers.level_1}
    )
    swapped = with_question(bank, question.model_copy(update={"answers": answers}))
    assert found(lambda f: check_order(swapped, f))


def test_unknown_references_are_found(bank: Bank, articles: set[str]) -> None:
    question = bank.question(NAME)
    point = question.checkpoints[0].model_copy(update={"dimension": "PS-NONE"})
    broken = question.model_copy(
        update={"articles": ("nowhere",), "checkpoints": (point, *question.checkpoints[1:])}
    )
    texts = found(lambda f: check_questions(with_question(bank, broken), articles, f))
    assert any("'nowhere'" in t for t in texts)
    assert any("PS-NONE" in t for t in texts)


def test_the_same_text_in_two_questions_is_found(bank: Bank) -> None:
    question = bank.question(NAME)
    assert found(lambda f: check_duplicates([question, question.model_copy(update={"id": "copy"})], f))


def test_a_must_without_anything_to_read_is_found(bank: Bank) -> None:
    small = with_question(bank, bank.question(NAME))
    assert found(lambda f: check_support(small, lambda query: [], f))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("no front matter", "front matter"),
        ("---\ntitle: x\n---\nbody", "is missing"),
        ("---\ntitle: x\ncompetencies: [C08]\nlevel: mid\nsummary: s\nsources: []\n---\nbody", "sources"),
        ("---\ntitle: x\ncompetencies: [C08]\nlevel: mid\nsummary: s\nsources: [a]\n---\nshort", "words"),
    ],
)
def test_a_bad_article_is_named(tmp_path: Path, bank: Bank, text: str, problem: str) -> None:
    (tmp_path / "bad.md").write_text(text)
    texts = [t for t in found(lambda f: check_articles(tmp_path, bank, f)) if t.startswith("bad.md")]
    assert any(problem in t for t in texts), texts


@pytest.mark.parametrize("round_id", list(RoundId))
def test_a_new_question_loads_as_it_is_and_explains_itself(tmp_path: Path, round_id: RoundId) -> None:
    path = new_question(tmp_path, round_id, "my-own")
    empty = tmp_path / "prompts"
    for part in ("questions", "rubrics", "loops"):
        (empty / part).mkdir(parents=True)
    own = load_bank(empty, corpus_dir(), tmp_path)
    assert own.problems == ()
    assert own.question("my-own").round is round_id
    assert "docs/authoring.md" in path.read_text()
    with pytest.raises(InputRefused, match="exists"):
        new_question(tmp_path, round_id, "my-own")


def test_an_unusable_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="lower-case"):
        new_question(tmp_path, RoundId.PHONE_SCREEN, "../My Question")


def shipped(kind: str) -> list[Path]:
    files = {"question": "questions/*/*.yaml", "rubric": "rubrics/*.yaml", "loop": "loops/*.yaml"}
    return sorted(prompts_dir().glob(files[kind]))


@pytest.mark.parametrize("kind", ["question", "rubric", "loop"])
def test_the_schemas_accept_what_is_shipped_and_refuse_what_is_not_known(kind: str) -> None:
    """Editors underline what the schema refuses, so it has to know every short form that the loader knows."""
    validator = Draft202012Validator(json.loads(schemas()[f"{kind}.schema.json"]))
    for path in shipped(kind)[:: 8 if kind == "question" else 1]:
        data = parse_yaml(path.read_text(encoding="utf-8"), path)
        assert list(validator.iter_errors(data)) == [], path.name
        assert list(validator.iter_errors({**data, "titel": "x"})), path.name


def test_the_scaffolds_fit_the_schema_that_they_name(tmp_path: Path) -> None:
    validator = Draft202012Validator(json.loads(schemas()["question.schema.json"]))
    for round_id in RoundId:
        path = new_question(tmp_path, round_id, "my-own")
        text = path.read_text(encoding="utf-8")
        assert list(validator.iter_errors(parse_yaml(text, path))) == []
        assert Path(url2pathname(urlsplit(text.split("$schema=")[1].split()[0]).path)).exists()
