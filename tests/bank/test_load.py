"""Authored files: good ones load, a bad one is named with file, line and field, and left out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.bank import load_bank
from bot.bank.load import Bank
from bot.domain.base import RoundId
from bot.resources import corpus_dir, prompts_dir


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    folder = tmp_path / "prompts"
    for part in ("rubrics", "loops"):
        shutil.copytree(prompts_dir() / part, folder / part)
    target = folder / "questions" / "phone_screen"
    target.mkdir(parents=True)
    shutil.copy(prompts_dir() / "questions" / "phone_screen" / "ps-bias-variance.yaml", target)
    return folder


def load(prompts: Path, own: Path | None = None) -> Bank:
    return load_bank(prompts, corpus_dir(), own)


def question_file(prompts: Path) -> Path:
    return prompts / "questions" / "phone_screen" / "ps-bias-variance.yaml"


def test_the_shipped_content_loads_without_a_problem() -> None:
    bank = load_bank(prompts_dir(), corpus_dir())
    assert bank.problems == ()
    assert len(bank.of_round(RoundId.PHONE_SCREEN)) >= 6
    assert len(bank.competencies) == 25
    assert bank.digest == load_bank(prompts_dir(), corpus_dir()).digest


def test_broken_yaml_is_named_with_its_line(prompts: Path) -> None:
    path = question_file(prompts)
    lines = path.read_text().splitlines()
    lines[4] = 'title: "unclosed'
    path.write_text("\n".join(lines))
    problem = load(prompts).problems[0]
    assert problem.file.endswith("ps-bias-variance.yaml")
    assert problem.line >= 5
    assert "YAML" in str(problem)


def test_an_unknown_field_is_named_with_its_line(prompts: Path) -> None:
    path = question_file(prompts)
    path.write_text(path.read_text().replace("minutes:", "minuets:", 1))
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if text.startswith("minuets:"))
    problems = load(prompts).problems
    assert [(p.line, p.field) for p in problems] in ([(line, "minuets")], [(1, "minutes")])
    assert "more" in str(problems[0]), "both mistakes are counted"


def test_a_value_of_the_wrong_kind_is_named_deep_inside(prompts: Path) -> None:
    path = question_file(prompts)
    path.write_text(path.read_text().replace("kind: nice", "kind: perhaps", 1))
    problem = load(prompts).problems[0]
    assert problem.field.endswith("kind")
    assert "perhaps" in path.read_text().splitlines()[problem.line - 1]


def test_a_key_written_twice_is_refused(prompts: Path) -> None:
    path = question_file(prompts)
    path.write_text(path.read_text() + "\nminutes: 9\n")
    assert "written twice" in str(load(prompts).problems[0])


@pytest.mark.parametrize("data", [b"\x00\x01\xff\xfe binary", b"\xff\xfebad"])
def test_a_binary_file_is_named_and_left_out(prompts: Path, data: bytes) -> None:
    (question_file(prompts).parent / "odd.yaml").write_bytes(data)
    bank = load(prompts)
    assert len(bank.problems) == 1
    assert "ps-bias-variance" in bank.questions


def test_the_same_id_twice_and_the_wrong_folder_are_named(prompts: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    for folder in ("phone_screen", "behavioral"):
        (own / folder).mkdir(parents=True)
    shutil.copy(question_file(prompts), own / "phone_screen" / "copy.yaml")
    moved = question_file(prompts).read_text().replace("id: ps-bias-variance", "id: ps-moved", 1)
    (own / "behavioral" / "moved.yaml").write_text(moved)
    texts = sorted(str(p) for p in load(prompts, own).problems)
    assert len(texts) == 2
    assert "says round phone_screen" in texts[0]
    assert "is taken" in texts[1]


def test_a_missing_folder_is_named(prompts: Path, tmp_path: Path) -> None:
    assert "not there" in str(load(prompts, tmp_path / "nowhere").problems[0])
