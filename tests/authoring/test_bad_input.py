"""Whatever an author writes wrong is left out and named: file, line, field and what to write. Begins from the scaffolds,
which have nothing wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.authoring.articles import check_own_articles
from bot.authoring.check import check_content
from bot.authoring.findings import Findings
from bot.authoring.scaffold import new_article, new_question
from bot.bank import load_bank
from bot.domain.base import RoundId
from bot.errors import InputRefused
from bot.resources import corpus_dir, prompts_dir
from tests.support.bank import real_bank


def checked(folder: Path) -> list[str]:
    """What `check --own-only` says of a folder, without running code."""
    prompts = folder.parent / "prompts"  # no shipped questions: the rubrics are enough, and loading is quick
    if not prompts.exists():
        prompts.mkdir()
        (prompts / "rubrics").symlink_to(prompts_dir() / "rubrics")
        for part in ("questions", "loops"):
            (prompts / part).mkdir()
    bank = load_bank(prompts, corpus_dir(), folder)
    findings = check_content(
        bank, corpus=corpus_dir(), schema_folder=prompts / "schema", own=folder, engine=None, own_only=True
    )
    return [("" if f.error else "advice: ") + str(f) for f in findings.found]


@pytest.mark.parametrize("round_id", list(RoundId))
def test_a_scaffold_has_no_error_and_says_what_to_overwrite(tmp_path: Path, round_id: RoundId) -> None:
    folder = tmp_path / "own"
    new_question(folder, round_id, "my-own")
    said = checked(folder)
    assert [s for s in said if not s.startswith("advice")] == []
    assert sum("still the scaffold's" in s for s in said) == 3


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        (
            "title:",
            "titel: x\ntitle:",
            r"own\.yaml:7 \[titel\]: is not a known field\. Did you mean 'title'\?",
        ),
        ("    weight: 1", "    wieght: 1", r":21 \[checkpoints\.0\.wieght\].*Did you mean 'weight'\?"),
        (
            "    weight: 1",
            "    weight: 9",
            r":21 \[checkpoints\.0\.weight\]: Input should be less than or equal to 3$",
        ),
        (r"  level_3: .*\n", "", r"\[answers\.level_3\]: is missing"),
        ("  - One step of the answer.\n", "", r":52 \[hints\]: has 4 entries. Write at least 5"),
        (
            r"One step of the answer\.",
            "{text: A., helps: [nobody]}",
            r"\[hints\.3\.helps\]: hint 4 helps unknown checkpoints",
        ),
        ("A nudge about", "Say the textbook term", r":53 \[hints\.1\]: It says what 'first-point' asks for"),
        ("The family of the technique", "A pointer to the part that matters", r":55 \[hints\.3\].*ambiguous"),
        (
            "One step of the answer",
            "Say the textbook term",
            r"\[hints\.4\]: It says what 'first-point' asks for",
        ),
        ("facts:", "facts: [", r":\d+: is not valid YAML"),
        ("title:", "title: y\ntitle:", r":8: is not valid YAML: key 'title' is written twice"),
        ("round: phone_screen", "round: behavioral", r":6 \[round\]: lies in phone_screen/.*Move the file"),
        (r"\[bias-variance\]", "[nowhere]", r":11 \[articles\]: There is no article 'nowhere'"),
        ("C08", "C99", r":10 \[competencies\.0\]: 'C99' is no competency. Write one of C01 to C25"),
        ("dimension: PS-APPL", "dimension: PS-NONE", r":29 .*The rubric has no PS-NONE. It has PS-APPL"),
        ("'re:n .log .n'", "'re:(open'", r":23 \[checkpoints\.0\.any_of\.2\].*is not a regular expression"),
        ("textbook term, how", "'...', how", r"holds no word that could be matched"),
        (
            "A neutral",
            "A nuetral",
            r":24 \[checkpoints\.first-point\.probe\]: “nuetral” is in no word list\. Write “neutral”",
        ),
    ],
)
def test_a_bad_question_is_named(tmp_path: Path, wrong: str, right: str, said: str) -> None:
    folder = tmp_path / "own"
    path = new_question(folder, RoundId.PHONE_SCREEN, "own")
    text = path.read_text(encoding="utf-8")
    changed = re.sub(wrong, right, text, count=1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    found = checked(folder)
    assert any(re.search(said, one) for one in found), found


def test_two_questions_with_one_id_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    first = new_question(folder, RoundId.PHONE_SCREEN, "one")
    (folder / "phone_screen" / "two.yaml").write_text(first.read_text(encoding="utf-8"), encoding="utf-8")
    assert any(
        re.search(r"two\.yaml:4 \[id\]: the id 'one' is taken by .*one\.yaml", s) for s in checked(folder)
    )


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        (r"sources: .*\n  - .*\n", "", r"own\.md:2 \[sources\]: is missing"),
        (
            r"sources: .*\n  - .*\n",
            "sources: []\n",
            r"own\.md:6 \[sources\]: has 0 entries. Write at least 1",
        ),
        ("level:", "levle: x\nlevel:", r"own\.md:4 \[levle\].*Did you mean 'level'\?"),
        ("C08", "C77", r"own\.md:3 \[competencies\.0\]: 'C77' is no competency"),
        ("---\n", "", r"own\.md:1: has no front matter. Begin with a line ---"),
        ("## What an interviewer listens for", "## More", r"own\.md: The section .* is missing. Add"),
    ],
)
def test_a_bad_article_is_named(tmp_path: Path, wrong: str, right: str, said: str) -> None:
    path = new_article(tmp_path, "own")
    path.write_text(re.sub(wrong, right, path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    findings = Findings()
    check_own_articles(tmp_path, real_bank(), findings)
    assert any(re.search(said, str(f)) for f in findings.found), findings.found


def test_the_scaffold_of_an_article_has_no_error(tmp_path: Path) -> None:
    new_article(tmp_path, "my-notes")
    findings = Findings()
    assert set(check_own_articles(tmp_path, real_bank(), findings)) == {"my-notes"}
    assert findings.errors == []
    with pytest.raises(InputRefused, match="exists"):
        new_article(tmp_path, "my-notes")


def test_weights_that_do_not_add_up_are_named(tmp_path: Path) -> None:
    text = (prompts_dir() / "rubrics" / "phone_screen.yaml").read_text(encoding="utf-8")
    for part in ("questions", "rubrics", "loops"):
        (tmp_path / part).mkdir()
    (tmp_path / "rubrics" / "phone_screen.yaml").write_text(text.replace("weight: 0.30", "weight: 0.40", 1))
    problem = load_bank(tmp_path, corpus_dir()).problems[0]
    assert (problem.field, problem.line) == ("dimensions", 4)
    assert "add up to 1.1" in problem.problem


def test_the_command_begins_both_and_refuses_anything_else(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from bot.cli_authoring import app

    run = CliRunner().invoke
    begun = run(app, ["new", "question", "--round", "behavioral", "--id", "mine", "--folder", str(tmp_path)])
    assert begun.exit_code == 0
    assert "check --own-only --questions" in begun.output
    assert (tmp_path / "behavioral" / "mine.yaml").exists()
    assert run(app, ["new", "article", "--id", "mine", "--folder", str(tmp_path)]).exit_code == 0
    assert (tmp_path / "mine.md").exists()
    refused = run(app, ["new", "rubric"])
    assert isinstance(refused.exception, InputRefused)
