"""Spelling and reading level look at prose only, name the line and field, and say what to write."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.authoring.check import check_prose
from bot.authoring.findings import Finding, Findings
from bot.authoring.places import placed
from bot.authoring.prose import passages
from bot.authoring.reading import Size, breaths, check_reading, sentences, size_of
from bot.authoring.spelling import Speller, check_spelling, read_words
from bot.errors import ContentError
from bot.resources import corpus_dir, prompts_dir

QUESTION = """\
id: recieve-nothing
opening: >-
  A model is trained
  on Tuesdays and recieves no labels. What now?
checkpoints:
  - id: first-point
    statement: 'It doesn''t wrok.'
    any_of: [mispelt wordng, 're:\\bmispelt']
    probe: "Why the the delay?"
hints: [A nudge., An other nugde.]
answers:
  level_1: I would use xgb_clasifier and PyTorchh, `unknwn code`, $x_{unknwn}$ and https://exampel.org/pagge.
problem:
  contract: "`f(x)` adds one."
  properties:
    why: |
      def chek(): ...
  reference: |
    def chek(): ...
"""
ARTICLE = """\
---
title: "A titel"
sources: ["Mispelt, Nmae: Jornal"]
---

## What it meens

One paragraph
with a mistaek in its second line.

```python
wrnog = 1
```

| colunm | b |
|---|---|

- an itme
"""


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def slips(path: Path, *own: str) -> list[Finding]:
    findings = Findings()
    check_spelling(passages(path), Speller(own), findings, advice="words.txt", error=True)
    return findings.found


def test_mistakes_in_a_question_are_named_by_line_and_field_and_code_is_left_alone(tmp_path: Path) -> None:
    found = slips(written(tmp_path, "q.yaml", QUESTION))
    assert [(f.item, f.field) for f in found] == [
        ("q.yaml:4", "opening"),
        ("q.yaml:7", "checkpoints.first-point.statement"),
        ("q.yaml:9", "checkpoints.first-point.probe"),
        ("q.yaml:10", "hints.2"),
    ]
    assert "“recieves” is in no word list. Write “receives”" in str(found[0])
    assert "“the” stands twice" in str(found[2])


def test_mistakes_in_an_article_are_named_by_line_and_section(tmp_path: Path) -> None:
    found = slips(written(tmp_path, "a.md", ARTICLE))
    assert [(f.item, f.field) for f in found] == [
        ("a.md:2", "title"),
        ("a.md:6", "What it meens"),
        ("a.md:9", "What it meens"),
        ("a.md:15", "What it meens"),
        ("a.md:18", "What it meens"),
    ]


def test_a_word_of_ones_own_list_is_known_in_any_case(tmp_path: Path) -> None:
    path = written(tmp_path, "q.yaml", "opening: The frobnicator's Frobnicator hums.\n")
    assert len(slips(path)) == 2
    assert slips(path, "frobnicator") == []


@pytest.mark.parametrize(
    "word",
    [
        "favour",
        "colour's",
        "optimise",
        "normalising",
        "analysed",
        "centre",
        "catalogue",
        "labelled",
        "defences",
        "sceptics",
    ],
)
def test_british_spelling_is_english(word: str) -> None:
    assert Speller().knows(word)


@pytest.mark.parametrize(
    "wrong",
    [
        "recieve",
        "teh",
        "seperate",
        "occured",
        "thier",
        "becuase",
        "definately",
        "wich",
        "enviroment",
        "lenght",
    ],
)
def test_common_mistakes_are_found(wrong: str) -> None:
    assert not Speller().knows(wrong)


@pytest.mark.slow
def test_the_shipped_prose_is_spelt_and_readable() -> None:
    findings = Findings()
    check_prose(corpus_dir(), prompts_dir(), (), findings)
    assert [str(f) for f in findings.found] == []


def test_the_word_list_is_sorted_in_lower_case_and_without_doubles() -> None:
    words = read_words(corpus_dir() / "words.txt")
    assert words == sorted(set(words))
    assert all(word == word.lower() for word in words)


def test_style_in_ones_own_folder_is_advice_and_its_word_list_counts(tmp_path: Path) -> None:
    (tmp_path / "own" / "phone_screen").mkdir(parents=True)
    written(
        tmp_path / "own" / "phone_screen", "q.yaml", "opening: What does the frobnicator do, and wich part?\n"
    )
    written(tmp_path / "own", "words.txt", "# of the house\nfrobnicator\n")
    for folder in ("questions", "rubrics", "loops", "schema"):
        (tmp_path / "prompts" / folder).mkdir(parents=True)
    (tmp_path / "corpus" / "articles").mkdir(parents=True)
    written(tmp_path / "corpus", "competencies.yaml", "[]\n")
    findings = Findings()
    check_prose(tmp_path / "corpus", tmp_path / "prompts", (tmp_path / "own",), findings)
    assert [(f.item, f.field, f.error) for f in findings.found] == [("q.yaml:1", "opening", False)]
    assert "which" in findings.found[0].advice


def test_a_word_list_with_two_words_in_a_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"words\.txt:2.*more than one"):
        read_words(written(tmp_path, "words.txt", "one\ntwo words\n"))


def test_the_index_is_that_of_the_formula() -> None:
    # 4.71 x 44/10 + 0.5 x 10/2 - 21.43, worked by hand: letters 3+3+4+2+3+4 and 6+6+6+7, ten words, two sentences.
    total = sum((size_of(s) for s in ("The cat sat on the roof.", "Models follow scores closely.")), Size())
    assert total == Size(letters=18 + 25, lettered=10, words=10, sentences=2)
    assert total.grade == pytest.approx(4.71 * 4.3 + 0.5 * 5 - 21.43)
    assert Size().grade == 0


def test_a_sentence_that_goes_on_and_on_is_found_where_it_begins(tmp_path: Path) -> None:
    long = "and then\n  some more of the same " * 9
    path = written(
        tmp_path, "q.yaml", f"id: a\nopening: >-\n  Short one.\n  So it goes {long}until the end.\n"
    )
    findings = Findings()
    check_reading(passages(path), findings, error=True)
    assert findings.found[0].item == "q.yaml:4"
    assert "Make two sentences" in findings.found[0].advice


def test_hard_reading_is_found(tmp_path: Path) -> None:
    hard = "Heteroscedasticity notwithstanding, parametrisation necessitates regularisation. " * 3
    findings = Findings()
    check_reading(passages(written(tmp_path, "q.yaml", f"opening: {hard}\n")), findings, error=True)
    assert "grade" in findings.found[0].problem


def test_quotations_and_clauses_end_a_breath(tmp_path: Path) -> None:
    path = written(tmp_path, "a.md", '*After*: "I looked. It broke. We fixed it."\n\nOne; two: three.\n')
    quoted, clauses = passages(path)
    assert len(sentences(quoted)) == 3
    assert breaths(sentences(clauses)[0]) == ["One", "two", "three."]


def test_a_finding_about_a_question_gets_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "q.yaml", QUESTION)
    found = [
        Finding("q", "checkpoints.first-point.probe", ""),
        Finding("q", "hints.2", ""),
        Finding("x", "", ""),
    ]
    assert [f.item for f in placed(found, {"q": path})] == ["q.yaml:9", "q.yaml:10", "x"]


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    from bot.authoring.prose import Passage

    passage = Passage("a.md", 1, "", "paragraph", text)
    for slip in Speller().unknown(passage):
        assert text[slip.offset :].startswith(slip.word)
        assert passage.line_at(slip.offset) >= 1
    for sentence in sentences(passage):
        assert size_of(sentence).words > 0


def test_the_python_of_the_articles_can_be_read() -> None:
    blocks = [
        code
        for path in sorted((corpus_dir() / "articles").glob("*.md"))
        for code in re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.S)
    ]
    assert len(blocks) > 25
    for code in blocks:
        ast.parse(code)
