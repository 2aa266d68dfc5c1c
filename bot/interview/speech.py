"""The small change of conversation: acknowledgements, transitions, and answers to what is no answer.

The sentences are data (prompts/speech.yaml). This module chooses among them, so that none comes twice in a row and a
resumed session says the same, and finds a few words of the candidate's own to take up. It never looks at a verdict: what
is said here cannot tell the mark. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import Field, ValidationError, create_model

from bot.domain.base import Level, Value
from bot.domain.session import SessionState
from bot.errors import ContentError
from bot.interview.guard import count_questions, gives_orders, split_sentences, talks_of_marking
from bot.resources import prompts_dir
from bot.scoring.lexicon import word_set
from bot.scoring.text import read

KINDS = (
    *("acknowledge_warm", "acknowledge_peer", "take_up", "stay_with", "stay", "push", "shift", "unknown"),
    *("from_elsewhere", "hint_stuck", "hint_asked", "leave_covered", "leave_time", "leave_skipped"),
    *("leave_later", "leave_exhausted", "leave_done", "next", "go_on", "wait", "wait_longer", "again", "unclear"),
    *("fact_number", "fact_yours", "fact_open", "fact_other", "fact_story", "at_the_end", "no_mark", "no_answer"),
    *("no_orders", "rude", "opinion", "english", "off_topic", "no_hints", "no_more_hints", "no_team"),
)  # fmt: skip
"""Every list that the file must have."""
_File = create_model("_File", __base__=Value, **{k: (tuple[str, ...], Field(min_length=2)) for k in KINDS})  # type: ignore[call-overload]
_REMEMBERED = 10
"""Utterances of the interviewer in which a sentence is looked for before it is said again."""


@lru_cache(maxsize=1)
def sentences() -> dict[str, tuple[str, ...]]:
    """The shipped sentences by kind. Raises `ContentError`."""
    return load(prompts_dir() / "speech.yaml")


def load(file: Path) -> dict[str, tuple[str, ...]]:
    """The sentences of a file. Raises `ContentError` that names what is missing or too many."""
    try:
        found: dict[str, tuple[str, ...]] = _File.model_validate(
            yaml.safe_load(file.read_text(encoding="utf-8"))
        ).model_dump()
    except (OSError, yaml.YAMLError, ValidationError) as exc:
        raise ContentError(f"sentences: {exc}", file=file.name) from exc
    return found


def say(kind: str, state: SessionState, words: str = "") -> str:
    """A sentence of that kind: the next in turn that was not said lately. Depends on the log only."""
    lines = sentences()[kind]
    said = [u.text for u in state.utterances if u.speaker == "interviewer"][-_REMEMBERED:]
    start = state.the_plan.seed + len(state.utterances) // 2
    turned = [lines[(start + i) % len(lines)] for i in range(len(lines))]
    fresh = (s for s in turned if not any(_fixed(s) in earlier for earlier in said))
    return next(fresh, turned[0]).format(words=words)


def _fixed(sentence: str) -> str:
    """The part of a sentence that is the same whatever it quotes."""
    return max(sentence.split("{words}"), key=len).strip(" “”")


def acknowledge(state: SessionState) -> str:
    """A word or two on what the candidate just said, whatever it was worth; often with words of theirs."""
    text = state.utterance(state.last_candidate_turn).text if state.last_candidate_turn else ""
    if (len(state.utterances) // 2 + state.the_plan.seed) % 3 and (words := echo(text)):
        return say("take_up", state, words)
    warm = state.the_plan.level in (Level.JUNIOR, Level.MID)
    return say("acknowledge_warm" if warm else "acknowledge_peer", state)


# ------------------------------------------------------------------------------------- the candidate's own words

_CUT = re.compile(
    r"(?<!\d)[.,](?=\s|$)|(?<=\d)[.,](?!\d)|[;:!?()\[\]{}\n“”\"…]+|\s[-–—]+\s|"
    r"\b(?:and|but|because|so|which|that|then|or|if|when|while|since|as|than|with|where|until|whether)\b(?!')",
    re.IGNORECASE,
)
_EDGES = word_set(
    """
    a an the i we you it they he she to of in on at for is are was were be been would will can could should do does did have
    has had my your our its just also maybe perhaps well okay ok um uh hmm think guess say mean like really very basically
    actually probably definitely there this these those such i'd i'll i'm it's that's let me us get
    got from by into now first next here some any instead including already still only even too either both always
    """
)
_HANGING = word_set(
    "about above across after against along among around before behind below between beyond during except inside onto "
    "outside over per through throughout toward towards under unlike upon via within"
)
"""Words that want another one behind them, so that nobody ends on them."""
_PERSONAL = word_set(
    "i we you me us my your our he she him her they them i'd i'll i'm i've we'd we'll you'd it's that's"
)
_DENIAL = re.compile(
    r"\b(?:not|no|never|without|nor|neither|none|hardly|wrong|false|instead|rather)\b|n't\b", re.IGNORECASE
)
_PLAIN = re.compile(r"[A-Za-z0-9 ,.%'’/+\-]+")


def echo(text: str) -> str:
    """Two to six words in a row of a message that can be taken up in conversation; empty when there are none.

    Looks at the form only. Never takes up orders, talk of marks and rubrics, questions, code, or anything but plain
    words and figures.
    """
    if (
        gives_orders(text)
        or talks_of_marking(text)
        or "`" in text
        or count_questions(text) > 1
        or text.rstrip().endswith("?")
    ):
        return ""
    best, weight = "", 0.0
    for number, clause in enumerate(_clauses(text[:2_000].replace("’", "'"))):
        words = _trimmed(clause)
        if not 2 <= len(words) <= 6 or not _PLAIN.fullmatch(" ".join(words)):
            continue
        if any(w.lower() in _PERSONAL for w in words):
            continue
        told = sum(t.is_content for t in read(" ".join(words)).tokens)
        figures = any(c.isdigit() for w in words for c in w)
        value = told + 1.5 * figures + max(map(len, words)) / 20 - number / 50
        if told >= 2 and value > weight:
            best, weight = " ".join(words), value
    return best


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a text; of a sentence with a negation only those that hold it, or the words would turn round."""
    for sentence in split_sentences(text):
        denied = _DENIAL.search(sentence) is not None
        yield from (c for c in _CUT.split(sentence) if not denied or _DENIAL.search(c))


def _trimmed(clause: str) -> list[str]:
    """The clause without the small words at its edges, and without those that hang loose at its end."""
    words = clause.split()
    while words and words[0].lower() in _EDGES:
        words.pop(0)
    while words and (words[-1].lower() in _EDGES or words[-1].lower() in _HANGING):
        words.pop()
    return words
