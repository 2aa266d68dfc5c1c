"""Begins a question or an article: a file that explains itself, loads as it is, and is meant to be overwritten."""

from __future__ import annotations

import re
from pathlib import Path

from bot.domain.base import RoundId
from bot.errors import InputRefused
from bot.resources import prompts_dir

_DIMENSIONS = {
    RoundId.PHONE_SCREEN: ("PS-CORR", "PS-MECH", "PS-APPL"),
    RoundId.CODING_A: ("CA-UND", "CA-ALG", "CA-TEST"),
    RoundId.CODING_B: ("CB-UND", "CB-NUM", "CB-VER"),
    RoundId.ML_SYSTEM_DESIGN: ("SD-FRAME", "SD-DATA", "SD-EVAL"),
    RoundId.BEHAVIORAL: ("BH-SPEC", "BH-OWN", "BH-IMP"),
}
_MINUTES = {RoundId.PHONE_SCREEN: 4, RoundId.BEHAVIORAL: 9}
_PROBLEM = """
# The executable part; see docs/problem-format.md.
problem:
  id: {id}
  kind: function
  entry: double
  contract: "`double(x)` returns twice the number."
  starter: |
    def double(x):
        ...
  check: equal
  visible:
    - {{name: two, args: [2], expect: 4}}
    - {{name: zero, args: [0], expect: 0}}
    - {{name: below zero, args: [-3], expect: -6}}
  hidden:                       # no `expect`: whatever the reference returns
    - {{name: ten, args: [10]}}
  generated:
    - name: random
      seed: 1
      count: 12
      code: |
        def generate(rng, i):
            return (rng.randrange(-1000, 1000),)
  reference: |
    def double(x):
        return 2 * x
  wrong:                        # at least three mistakes that people make, each fails as declared
    - {{name: square, why: squares instead of doubling, expect: wrong, code: "def double(x):\\n    return x * x\\n"}}
    - {{name: nothing, why: forgets to return, expect: wrong, code: "def double(x):\\n    x * 2\\n"}}
    - {{name: plus two, why: adds two, expect: wrong, code: "def double(x):\\n    return x + 2\\n"}}
"""

_DESIGN = """
# Numbers that the candidate works out; an answer between low and high is right.
estimates:
  - name: Requests a second
    given: 10 million users, 6 visits a day each.
    low: 600
    high: 800
    unit: requests per second on average
    worked: 10,000,000 × 6 / 86,400 = 694.
# A constraint that changes in the middle of the round; `checkpoint` is the one that it examines again.
twist:
  text: Half of the traffic now comes within one hour of the day. What does your design do?
  listens_for: The peak, not the average, sets the size; what may wait is taken off the path.
  checkpoint: point-3
"""
_TEMPLATE = """\
# yaml-language-server: $schema={schema}
# A question of your own. Change every line; `mock-interview check --own-only --questions {folder}` tells what is wrong.
# The language of wordings (any_of, all_of, says) is explained in docs/authoring.md.
id: {id}
version: 1                      # raise it when the meaning changes, so that old scores stay comparable
round: {round}
title: A short name
minutes: {minutes}
levels: [junior, mid, senior, staff]
competencies: [C08]             # from corpus/competencies.yaml
articles: [bias-variance]       # what to read after a miss: file names of corpus/articles
opening: >-
  {opening}
facts:                          # answers to clarifying questions; never volunteered
  - asks: [how many rows, size]
    answer: About a hundred thousand rows.
checkpoints:                    # five to ten; each one small thing that a good answer contains
  - id: first-point
    dimension: {d0}
    kind: must                  # or: nice
    weight: 1
    statement: What a good answer says, in one sentence.
    any_of: [textbook term, how an engineer says it, 're:n ?log ?n']
    probe: A neutral question that asks for this point without naming it?
    contra:                     # leave out when there is no typical falsehood
      - says: [typical_false_claim]
        challenge: A question that makes the candidate look at the claim again?
{more}hints:                          # a nudge first; 1-3 name nothing of the answer, 4 one step, 5 all of it
  - A nudge about how to go about it.
  - A pointer to the part that matters.
  - The family of the technique.
  - One step of the answer.
  - The whole answer, and on we go.
challenges:
  - What would change at a hundred times the size?
expects:
  junior: What is enough from a junior.
  mid: What is enough from a mid-level engineer.
  senior: What is expected from a senior.
  staff: What is expected at staff level.
answers:                        # as real candidates speak; length must not give the level away
  level_1: {level_1}
  level_2: I remember the textbook term, but not why it matters.
  level_3: The textbook term applies, and the second one too.
  level_4: {level_4}
"""
_MORE = """\
  - id: point-{n}
    dimension: {dimension}
    kind: {kind}
    statement: The {word} thing that a good answer says.
    any_of: [{word} one, {word} term]
    probe: And what about the {word} part?
"""


OPENING = "The exact words of the interviewer: one concrete situation, one question."
LEVEL_1 = "I would just try a bigger model until it works."
LEVEL_4 = "The textbook term applies, so do the second one and the third one, and it stops holding at the fourth one."
TEXTS = frozenset({OPENING, LEVEL_1, LEVEL_4})
"""Texts of the scaffold that every question overwrites."""
_ARTICLE = """\
---
title: "{title}"
competencies: [C08]             # from corpus/competencies.yaml
level: mid                      # junior, mid, senior or staff
summary: "One sentence: what a reader can do afterwards."
sources:                        # where the facts come from: authors, title, year
  - "Author, Title, year"
---

## The idea

Say in the first paragraph what the thing is and when it is used. Give every term where it is first used, because a
passage is found and read alone: a candidate who missed a point sees this section, not the page.

## A worked example

Small numbers that the reader can follow by hand, with every step. Run what you claim.

## When it does not hold

Limits, costs and what people get wrong.

## What an interviewer listens for

*Junior*: what is enough. *Mid*: what is expected. *Senior* and *staff*: what goes beyond.
"""


def new_article(folder: Path, slug: str) -> Path:
    """Write the scaffold of an article to `folder/<slug>.md`. Raises `InputRefused` as `new_question` does."""
    path = _free(folder / f"{slug}.md", slug)
    path.write_text(_ARTICLE.format(title=slug.replace("-", " ").capitalize()), encoding="utf-8")
    return path


def new_question(folder: Path, round_id: RoundId, question_id: str) -> Path:
    """Write the scaffold to `folder/<round>/<id>.yaml`. Raises `InputRefused` for a bad id or a file that exists."""
    path = _free(folder / round_id.value / f"{question_id}.yaml", question_id)
    path.write_text(scaffold(folder, round_id, question_id), encoding="utf-8")
    return path


def _free(path: Path, name: str) -> Path:
    """The path, its folder made. Raises `InputRefused` when the name is unusable or taken."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise InputRefused(
            f"{name!r} cannot be an id.",
            hint="Use lower-case words joined by hyphens: drift-after-launch.",
        )
    if path.exists():
        raise InputRefused(f"{path} exists.", hint="Choose another --id, or edit that file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InputRefused(
            f"{path.parent} cannot be made ({problem.strerror}).", hint="Choose another --folder."
        ) from problem
    return path


def scaffold(folder: Path, round_id: RoundId, question_id: str) -> str:
    """The text of the file."""
    dimensions = _DIMENSIONS[round_id]
    words = ("second", "third", "fourth", "fifth")
    more = "".join(
        _MORE.format(n=n, word=word, dimension=dimensions[n % 3], kind="nice" if n == 5 else "must")
        for n, word in enumerate(words, 2)
    )
    text = _TEMPLATE.format(
        folder=folder,
        schema=(prompts_dir() / "schema" / "question.schema.json").as_uri(),
        opening=OPENING,
        level_1=LEVEL_1,
        level_4=LEVEL_4,
        id=question_id,
        round=round_id.value,
        minutes=_MINUTES.get(round_id, 30),
        d0=dimensions[0],
        more=more,
    )
    if round_id is RoundId.ML_SYSTEM_DESIGN:
        text += _DESIGN
    return text + (_PROBLEM.format(id=question_id) if round_id.is_coding else "")
