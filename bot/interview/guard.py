"""The output guard: what an interviewer must not say, found while it is being said.

A model was given no answer key, but it knows the subject, small ones babble, and candidates plead. So every
sentence is checked before it is shown: phrases of the texts that must stay secret (minus what has been said
already), a second question, JSON or rubric text, speaking as the candidate, telling the mark, obeying the
candidate's instructions, lecturing, summarising, repeating. Pure; does not know a model, nor what happens to a
sentence that is caught (`bot/interview/interviewer.py`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.domain.moves import MoveKind
from bot.domain.ports import Material, Scene
from bot.scoring.text import read

Caught = Literal[
    "leak",
    "two_questions",
    "structure",
    "rubric",
    "as_candidate",
    "mark",
    "obeyed",
    "out_of_role",
    "code",
    "lecture",
    "summary",
    "repeat",
    "empty",
]

SHINGLE = 3
"""Content words in a row that make a phrase."""
RUN = 6
"""Words of any kind in a row that are no chance."""
COVER, COVER_WORDS, COVER_NEW = 0.6, 6, 3
"""A sentence that holds this share of a secret sentence of at least so many content words, so many of them new, is
the secret in another order."""
MAX_WORDS = 90
"""An interviewer's utterance (without the kept text); more is a lecture."""
NEAR_REPEAT = 0.9


@dataclass(frozen=True)
class Guard:
    """The checks for one utterance. Make it with `for_move`; ask `check` after every sentence."""

    phrases: frozenset[tuple[str, ...]]
    sentences: tuple[frozenset[str], ...]
    known: frozenset[str]
    orders: tuple[str, ...]
    earlier: tuple[str, ...]
    heard: str  # the candidate's words, plain: quoting them is no offence
    max_questions: int
    may_repeat: bool
    verbatim: frozenset[tuple[str, ...]] = frozenset()
    kept: frozenset[tuple[str, ...]] = frozenset()
    instructions: frozenset[tuple[str, ...]] = frozenset()

    @classmethod
    def for_move(cls, material: Material, scene: Scene, *, instructions: str = "") -> Guard:
        """The guard of one move. `instructions` is the system text, whose wording must not come out either."""
        said = [
            scene.question_opening,
            scene.question_title,
            material.authored,
            material.keep,
            material.claim,
            *(line.text for line in scene.lines),
        ]
        open_phrases = {p for text in said for p in _phrases(text)}
        known = frozenset(s for text in said for s in read(text).stems)
        heard = frozenset(word for text in said for run in _runs(text, 1) for word in run)
        hidden = {p for text in material.secret for p in _phrases(text)} - open_phrases
        candidate = [line.text for line in scene.lines if line.speaker == "candidate"]
        asks = "?" in material.keep
        return cls(
            phrases=frozenset(p for p in hidden if not known.issuperset(p)),
            sentences=tuple(s for text in material.secret for s in _sentences(text) if len(s) >= COVER_WORDS),
            known=known,
            orders=tuple(o for text in candidate for o in _orders(text)),
            earlier=tuple(_plain(line.text) for line in scene.lines if line.speaker == "interviewer"),
            heard=_plain(" ".join(candidate)),
            max_questions=0 if asks else max(1, count_questions(material.authored)),
            may_repeat=material.move.kind is MoveKind.REPEAT,
            verbatim=frozenset(
                run for text in material.secret for run in _runs(text, RUN) if not heard.issuperset(run)
            ),
            kept=_phrases(material.keep),
            instructions=_runs(instructions, 8),
        )

    def check(self, text: str, *, whole: bool = False) -> tuple[Caught, ...]:
        """What is wrong with the utterance so far; with `whole` also what can only be told at its end."""
        found: list[Caught] = []
        if self.leaks(text):
            found.append("leak")
        if count_questions(text) > self.max_questions:
            found.append("two_questions")
        own = _QUOTED.sub(self._unless_quoted, text)
        found += [kind for kind, pattern in _PATTERNS if pattern.search(own)]
        if self._obeys(text):
            found.append("obeyed")
        if len(text.split()) > MAX_WORDS:
            found.append("lecture")
        if whole and not any(c.isalnum() for c in text):
            found.append("empty")
        if whole and not self.may_repeat and self._repeats(text):
            found.append("repeat")
        return tuple(dict.fromkeys(found))

    def leaks(self, text: str) -> bool:
        """Whether the text says a secret: a phrase of it, words of it in a row, or most of a sentence in any order."""
        if not self.phrases.isdisjoint(_phrases(text)) or not self.verbatim.isdisjoint(_runs(text, RUN)):
            return True
        for said in _sentences(text):
            new = said - self.known
            if len(new) < COVER_NEW:
                continue
            for secret in self.sentences:
                both = said & secret
                if len(both) >= COVER * len(secret) and len(both & new) >= COVER_NEW:
                    return True
        return False

    def _unless_quoted(self, quote: re.Match[str]) -> str:
        words = _plain(quote.group())
        return " " if words and words in self.heard else quote.group()

    def _obeys(self, text: str) -> bool:
        if not self.instructions.isdisjoint(_runs(text, 8)):
            return True
        plain = f" {_plain(text)} "
        return any(f" {order} " in plain for order in self.orders)

    def _repeats(self, text: str) -> bool:
        if len(_phrases(text) & self.kept) >= 2:
            return True  # says what is spoken word for word right after it
        plain = _plain(text)
        return any(
            len(plain) > 30 and difflib.SequenceMatcher(None, plain, old).ratio() > NEAR_REPEAT
            for old in self.earlier
        )


def without_secrets(text: str, guard: Guard) -> str:
    """The sentences of a text that do not say a secret: what of a passage may enter a prompt."""
    kept = [piece for piece in split_sentences(text) if not guard.leaks(piece)]
    return " ".join(piece.strip() for piece in kept).strip()


# ----------------------------------------------------------------------------------------------- patterns


def count_questions(text: str) -> int:
    """Questions that the candidate has to answer: question marks outside quotes, and a second question tied on."""
    bare = _QUOTED.sub(" ", text)
    marks = len(re.findall(r"\?+", bare))
    tied = sum(1 for sentence in re.findall(r"[^.!?]*\?", bare) if _TIED.search(sentence))
    return marks + tied


_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|`[^`]*`|(?<!\w)'[^']*'(?!\w)")
_TIED = re.compile(
    r"\b(?:what|why|how|which|when|where|who|can|could|would|do|does|is|are)\b[^?]{12,}?"
    r",? and (?:also )?(?:what|why|how|which|when|where|who|could|would|can|do|does)\b(?:\s+\w+){4,}",
    re.IGNORECASE,
)

_PATTERNS: tuple[tuple[Caught, re.Pattern[str]], ...] = (
    (
        "structure",
        re.compile(
            r"^\s*[{\[]|[\"']\w+[\"']\s*:\s*[\"'\[{\d]|</?[a-z_]+>|^\s*#{1,4} |^\s*[-*] .*\n\s*[-*] ", re.M
        ),
    ),
    (
        "rubric",
        re.compile(
            r"\b(?:rubric|check ?point|answer key|reference answer|model answer|scoring (?:guide|criteri\w+)|grading)\b"
            r"|\b(?-i:[A-Z]{2}-[A-Z]{3,8})\b|\bhint (?:level )?[1-5] of\b",
            re.IGNORECASE,
        ),
    ),
    (
        "as_candidate",
        re.compile(
            r"^\s*\**(?:candidate|applicant|interviewee|user|you|me)\**\s*:"
            r"|\n\s*\**(?:interviewer|assistant)\**\s*:"
            r"|\b(?:my (?:approach|solution|answer|implementation) (?:would be|is|uses)"
            r"|(?:I|I'd|I would|I will|I'll)(?: would| will)? (?:first |simply |just |then )?"
            r"(?:implement|solve|use an?|train|split the|sort|iterate|choose an?|start by (?!ask)|handle"
            r"|normali[sz]e)\b)",
            re.IGNORECASE | re.M,
        ),
    ),
    (
        "mark",
        re.compile(
            r"\b\d(?:\.\d)? ?(?:/|out of) ?(?:4|5|10)\b(?= (?:points|for (?:this|that|your)|from me))"
            r"|\b(?:give|rate|score) (?:you|this|that|it) (?:an? )?\d"
            r"|\byour (?:score|grade|mark)s? (?:is|are|would be|of) "
            r"|\bI(?:'d| would)? (?:score|grade|rate) (?:this|that|you|it)\b"
            r"|\b(?:strong |lean(?:ing)? )?(?:no[- ])?hire\b|\bfull (?:marks|points|credit)\b|\bpoints? for\b"
            r"|\byou(?:'ve| have)? (?:passed|failed|nailed)\b|\bspot[- ]on\b|\bnailed it\b"
            r"|(?<!\bthat )(?<!\bif )(?<!\bwhether )\b(?:that|this|it|which|you)(?:'s|'re| is| are| was| were) "
            r"(?:absolutely |exactly |completely |totally |quite |not (?:quite )?|all |indeed |also |both )*"
            r"(?:right|correct|incorrect|wrong|perfect|excellent|great|brilliant|impressive|a (?:very )?"
            r"(?:good|great|strong|solid|excellent|perfect|nice) "
            r"(?:answer|point|idea|approach|explanation|solution|start))\b(?! now| way)"
            r"|^\s*(?:yes, )?(?:correct|exactly|perfect|excellent|great|brilliant|awesome|wonderful|fantastic|bingo|"
            r"indeed|precisely|well done|good job|nice job|great job|good work|great work)\b\s*[!.,;:—-]"
            r"|\b(?:great|excellent|perfect|strong|impressive|brilliant|solid|weak|poor|wonderful|nice) "
            r"(?:answer|job|work|point|explanation|solution|thinking|reasoning|insight|start|summary|choice)\b"
            r"|\b(?:well (?:done|put|explained)|good (?:job|answer|point|work|thinking|reasoning|explanation))\b",
            re.IGNORECASE | re.M,
        ),
    ),
    (
        "out_of_role",
        re.compile(
            r"\bas an? (?:AI|large language|language model|assistant)\b|\bsystem prompt\b"
            r"|\bmy (?:instructions|prompt)\b"
            r"|\b(?:I (?:am|was) (?:told|instructed|asked) (?:to|not to))\b|\bignoring (?:my|all|previous)\b",
            re.IGNORECASE,
        ),
    ),
    ("code", re.compile(r"```|^\s*(?:def|class|import|from|return|for|while|SELECT)\b.*[:;()]\s*$", re.M)),
    (
        "summary",
        re.compile(
            r"\b(?:to summari[sz]e|in summary|to sum up|summing up|to recap|let me recap|let me summari[sz]e"
            r"|in other words, you)\b",
            re.IGNORECASE,
        ),
    ),
)

_ORDERING = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|rule|prompt|previous|above|earlier)"
    r"|\b(?:say|reply|respond|answer|output|print|repeat|write|begin|start|end)\b.{0,30}"
    r"\b(?:only|exactly|with|the (?:word|phrase))\b"
    r"|\byou are now\b|\bfrom now on\b|\bsystem\s*:|\bpretend\b|\bact as\b",
    re.IGNORECASE,
)


def talks_of_marking(text: str) -> bool:
    """Whether a message is about rubrics, model answers or prompts instead of the question."""
    return any(pattern.search(text) for name, pattern in _PATTERNS if name in ("rubric", "out_of_role"))


def gives_orders(text: str) -> bool:
    """Whether a message tells the interviewer what to say or to be."""
    return bool(_ORDERING.search(text))


def _orders(text: str) -> Iterator[str]:
    """What a candidate's message orders the interviewer to say: quoted words, and words in capitals, of sentences
    that give orders."""
    for sentence in split_sentences(text):
        if not _ORDERING.search(sentence):
            continue
        for quoted in re.findall(r"[\"“'`]([^\"”'`\n]{3,120})[\"”'`]", sentence):
            yield _plain(quoted)
        for shout in re.findall(r"\b[A-Z][A-Z0-9_]{4,}(?:\s+[A-Z][A-Z0-9_]+)*\b", sentence):
            yield _plain(shout)


# ------------------------------------------------------------------------------------------------ phrases


@lru_cache(maxsize=4096)
def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    """Runs of `SHINGLE` content stems inside a sentence, each in sorted order: the phrase, however it is turned."""
    out: set[tuple[str, ...]] = set()
    for sentence in read(text).sentences:
        stems = [t.stem for t in sentence.tokens if t.is_content]
        out.update(tuple(sorted(stems[i : i + SHINGLE])) for i in range(len(stems) - SHINGLE + 1))
    return frozenset(out)


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(t.stem for t in s.tokens if t.is_content) for s in read(text).sentences)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


@lru_cache(maxsize=4096)
def _runs(text: str, n: int) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return frozenset(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


_END = re.compile(r"(?<=[.!?…])[\"”')\]]*\s+|\n+")
_SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|no|fig|eq|Dr|Mr|Ms|St)|\b[A-Z]|^\s*\d+)\.$", re.IGNORECASE
)


def split_sentences(text: str) -> list[str]:
    """The text cut after its sentences; joined they are the text again."""
    pieces: list[str] = []
    start = 0
    for match in _END.finditer(text):
        piece = text[start : match.end()]
        if _SHORT.search(piece.rstrip()) and "\n" not in match.group():
            continue
        pieces.append(piece)
        start = match.end()
    if start < len(text):
        pieces.append(text[start:])
    return pieces


class SentenceBuffer:
    """Holds words back until their sentence is complete."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, words: str) -> Iterable[str]:
        """Complete sentences, if the new words complete any."""
        self._held += words
        pieces = split_sentences(self._held)
        whole = bool(pieces) and bool(re.search(r"[.!?…][\"”')\]]*\s+\Z|\n\Z", pieces[-1]))
        if whole and not _SHORT.search(pieces[-1].rstrip()):
            self._held = ""
            return pieces
        self._held = pieces.pop() if pieces else ""
        return pieces

    def rest(self) -> str:
        """What is left at the end."""
        held, self._held = self._held, ""
        return held
