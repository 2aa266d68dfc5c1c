"""The judge that needs no model: accepted wordings, negation, contradictions and gates, with a reason for each verdict.

Deterministic: the same request gives the same judgement on every machine. It knows what authors wrote down as
wordings and nothing else: a right answer in words that nobody thought of is not found. It says nothing about
behavioural content beyond what was said in which words; the scorecard leaves those dimensions open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.content import Checkpoint, Question, Rubric
from bot.domain.judgement import JudgeInfo, Judgement, Quote, Removed, Status, Verdict
from bot.domain.ports import Judged, JudgeRequest, Line
from bot.errors import ScoringError
from bot.scoring.evidence import Said, find_removed, quote, without
from bot.scoring.structure import signals
from bot.scoring.stuffing import looks_foreign
from bot.scoring.text import Document, read, words_of
from bot.scoring.wordings import Denial, Match, compile_wording, find, near_misses

VERSION = "4"
"""Raised with every change that can change a verdict."""

_DENIED: dict[Denial, str] = {
    "negated": "it is said in a negated clause",
    "affirmed": "it is said without the negation that makes it right",
    "question": "it is only asked, not said",
}
_CORRECTS = ("actually", "sorry", "correction", "wait", "rather", "no", "scratch", "mean")
MIN_RELEVANCE = 0.08
"""Share of an answer's content words that must belong to the question's vocabulary; below it is off topic."""


_DUNNO = re.compile(r"\b(i|we) ((really|honestly|just) )?(don['’]?t|do not) know(?= *([.,;!?\n]|$))", re.I)


@dataclass(frozen=True)
class Answer:
    """One utterance of the candidate, ready to search: `masked` has the same offsets as `text`."""

    turn: int
    text: str
    masked: str

    @property
    def document(self) -> Document:
        """The evidence part, read."""
        return read(self.masked)

    def quote(self, match: Match) -> Quote:
        """The candidate's words around a match."""
        return quote(self.masked, self.turn, match.start, match.end)


class OfflineJudge:
    """Implements `bot.domain.ports.Judge` with no model."""

    name = "offline"

    async def judge(self, request: JudgeRequest) -> Judged:
        """Verdicts for every checkpoint of the question. Raises ScoringError when the turn is not in the lines."""
        return Judged(judge_answer(request))


def judge_answer(request: JudgeRequest) -> Judgement:
    """The offline judgement of one answer: a pure function of the request."""
    line = next((x for x in reversed(request.lines) if x.turn == request.turn), None)
    if line is None or line.speaker != "candidate":
        raise ScoringError(f"turn {request.turn} is not an utterance of the candidate in this question.")
    before = [x for x in request.lines if x.turn < request.turn]
    removed = removed_spans(line, before, request.question)
    answers = [
        *_earlier(before, request.question),
        Answer(line.turn, line.text, _readable(line.text, removed)),
    ]
    document = answers[-1].document
    flags = _flags(line.text, document, removed, request.question)
    info = JudgeInfo(name=OfflineJudge.name, version=VERSION)
    if "other_language" in flags:
        return Judgement(
            question=request.question.id,
            turn=line.turn,
            status="insufficient",
            flags=flags,
            removed=removed,
            judge=info,
            why="The answer is hardly in English, which is all that the offline judge can read.",
        )
    return Judgement(
        question=request.question.id,
        turn=line.turn,
        status="scored",
        verdicts=tuple(
            judge_checkpoint(
                c,
                answers,
                questions=_asking_counts(request.rubric, c),
                others=[o for o in request.question.checkpoints if o is not c],
            )
            for c in request.question.checkpoints
        ),
        flags=flags,
        removed=removed,
        signals=signals(document),
        judge=info,
        fact=asked_fact(request.question, document),
    )


def removed_spans(line: Line, before: Sequence[Line], question: Question) -> tuple[Removed, ...]:
    """What in this utterance is not evidence, given what was said before it."""
    others = [Said(question.opening, "echo_question")]
    others += [Said(x.text, "echo_interviewer") for x in before if x.speaker == "interviewer"]
    own = [x.text for x in before if x.speaker == "candidate"]
    return find_removed(line.text, line.turn, others, own, question.articles)


def judge_checkpoint(
    checkpoint: Checkpoint,
    answers: Sequence[Answer],
    *,
    questions: bool = False,
    others: Sequence[Checkpoint] = (),
) -> Verdict:
    """The verdict on one checkpoint. The last answer is the one under judgement; earlier ones may complete it.

    `questions`: whether questions of the candidate count as evidence. `others`: the question's other checkpoints.
    """
    current, earlier = answers[-1], answers[:-1]
    hit = find(checkpoint.any_of, current.document, questions=questions)
    affirmed = hit if hit is not None and hit.denied is None else None
    contra = _contradiction(checkpoint, current, affirmed)
    if contra is not None:
        return contra
    groups = [_in_answers(group, answers, questions) for group in checkpoint.all_of]
    met = [g for g in groups if g is not None]
    fresh = any(a is current for a, _ in met)
    main = (
        (current, affirmed)
        if affirmed
        else _in_answers(checkpoint.any_of, earlier, questions)
        if fresh
        else None
    )
    if main is not None and len(met) == len(groups):
        return _verdict(checkpoint, Status.COVERED, _quotes([main, *met]), f"says {_said(*main)}")
    if main is not None:
        lacking = len(groups) - len(met)
        why = f"says {_said(*main)}, but {lacking} of {len(groups)} further parts are missing"
        return _verdict(checkpoint, Status.PARTIAL, _quotes([main, *met]), why)
    if near := _near(checkpoint, current, questions, others):
        why = f"says {_said(current, near)}, which is all but one word of an accepted wording"
        return _verdict(checkpoint, Status.PARTIAL, (current.quote(near),), why)
    if hit is not None and hit.denied is not None:
        why = f"says {_said(current, hit)}, but {_DENIED[hit.denied]}"
        return _verdict(checkpoint, Status.ABSENT, (current.quote(hit),), why)
    return _verdict(checkpoint, Status.ABSENT, (), "none of the accepted wordings was found")


def _said(answer: Answer, match: Match) -> str:
    """The candidate's words that a wording was found in, with dots for the words between them."""
    parts: list[str] = []
    last = -1
    for start, end in match.words:
        word = answer.text[start:end]
        gap = answer.text[last:start] if last >= 0 else ""
        parts.append(word if not parts or not gap.strip() else f"… {word}")
        last = end
    return f"“{' '.join(parts)}”"


def _readable(text: str, removed: Iterable[Removed]) -> str:
    """The text with everything that is no evidence blanked out, offsets kept: removed spans, and a bare "I don't know",
    which is honest and a miss, never a point (some wordings speak of systems that say so)."""
    return _DUNNO.sub(lambda m: " " * len(m.group(0)), without(text, removed))


def asked_fact(question: Question, document: Document) -> int | None:
    """Index of the question's fact that a clarifying question asks for; None when none was asked."""
    asked = Document(document.raw, tuple(s for s in document.sentences if s.is_question))
    if not asked.sentences:
        return None
    best: tuple[int, int] | None = None
    for index, fact in enumerate(question.facts):
        found = [w for w in fact.asks if find([w], asked, questions=True)]
        if found:
            size = max(len(compile_wording(w).units) for w in found)
            if best is None or size > best[0]:
                best = (size, index)
    return None if best is None else best[1]


def vocabulary(question: Question) -> frozenset[str]:
    """The stems that belong to a question: its text, its checkpoints and their wordings."""
    own = _content_stems(f"{question.title}\n{question.opening}")
    return own.union(*(point_vocabulary(c) for c in question.checkpoints))


def point_vocabulary(checkpoint: Checkpoint) -> frozenset[str]:
    """The stems that belong to a checkpoint: its statement, its probe and its wordings."""
    return _stems_of_point(f"{checkpoint.statement}\n{checkpoint.probe}", _wordings(checkpoint))


def _wordings(checkpoint: Checkpoint) -> tuple[str, ...]:
    return (*checkpoint.any_of, *(w for g in checkpoint.all_of for w in g))


@lru_cache(maxsize=4_096)  # asked at every answer to a question
def _stems_of_point(text: str, wordings: tuple[str, ...]) -> frozenset[str]:
    of_wordings = (s for w in wordings for u in compile_wording(w).units for p in u.phrases for s in p)
    return _content_stems(text).union(of_wordings)


def _content_stems(text: str) -> frozenset[str]:
    return frozenset(w.stem for w in words_of(text) if w.is_content)


def _earlier(before: Sequence[Line], question: Question) -> list[Answer]:
    found: list[Answer] = []
    for i, line in enumerate(before):
        if line.speaker == "candidate":
            found.append(
                Answer(line.turn, line.text, _readable(line.text, removed_spans(line, before[:i], question)))
            )
    return found


def _flags(text: str, document: Document, removed: Iterable[Removed], question: Question) -> tuple[str, ...]:
    flags = sorted({f"removed_{r.why}" for r in removed})
    words = [t for t in document.tokens if t.is_content]
    if looks_foreign(read(text)):
        flags.append("other_language")
    elif not words:
        flags.append("empty")
    elif len(words) >= 5 and not any(s.is_question for s in document.sentences):
        known = vocabulary(question)
        if sum(t.stem in known for t in words) < MIN_RELEVANCE * len(words):
            flags.append("off_topic")
    return tuple(flags)


def _asking_counts(rubric: Rubric, checkpoint: Checkpoint) -> bool:
    return any(d.id == checkpoint.dimension and d.asking_counts for d in rubric.dimensions)


def _contradiction(checkpoint: Checkpoint, current: Answer, affirmed: Match | None) -> Verdict | None:
    for index, contra in enumerate(checkpoint.contra):
        match = find(contra.says, current.document)
        if match is None or match.denied is not None or _taken_back(match, affirmed, current.document):
            continue
        why = f"says what contradicts this point: {_said(current, match)}"
        return Verdict(
            checkpoint=checkpoint.id,
            status=Status.WRONG,
            quotes=(current.quote(match),),
            why=why,
            contra=index,
        )
    return None


def _taken_back(contra: Match, affirmed: Match | None, document: Document) -> bool:
    """Whether a later sentence of the same answer corrects the false one."""
    if affirmed is None or affirmed.sentence <= contra.sentence:
        return False
    between = document.sentences[contra.sentence + 1 : affirmed.sentence + 1]
    return any(t.word in _CORRECTS for s in between for t in s.tokens[:4])


def _in_answers(
    wordings: Sequence[str], answers: Sequence[Answer], questions: bool
) -> tuple[Answer, Match] | None:
    for answer in reversed(answers):
        match = find(wordings, answer.document, questions=questions)
        if match is not None and match.denied is None:
            return answer, match
    return None


def _near(
    checkpoint: Checkpoint, current: Answer, questions: bool, others: Sequence[Checkpoint]
) -> Match | None:
    for wording in checkpoint.any_of:
        found = near_misses(compile_wording(wording), current.document, questions=questions)
        if found is not None and not _is_shared(found, current, others):
            return found
    return None


def _is_shared(found: Match, answer: Answer, others: Sequence[Checkpoint]) -> bool:
    """Whether each of its words belongs to wordings of other points as well ("train ... test"), and so to none."""
    stems = {t.stem for t in answer.document.tokens if any(a <= t.start < b for a, b in found.words)}
    return stems <= frozenset[str]().union(*(_stems_of_point("", _wordings(o)) for o in others))


def _quotes(found: Iterable[tuple[Answer, Match]]) -> tuple[Quote, ...]:
    quotes: list[Quote] = []
    for answer, match in found:
        said = answer.quote(match)
        if said not in quotes:
            quotes.append(said)
    return tuple(quotes)


def _verdict(checkpoint: Checkpoint, status: Status, quotes: tuple[Quote, ...], why: str) -> Verdict:
    return Verdict(checkpoint=checkpoint.id, status=status, quotes=quotes, why=why)
