"""The judge with a model: one structured call an answer, verdicts first and no number, every quote checked by code.

What the model says is a proposal: ids must be those that were asked for, quotes must stand in the candidate's own
words outside of what was removed as no evidence. One repair round names what is wrong; what is still unfounded after it
counts as absent and says so. With k > 1 the median of k calls with shuffled checkpoints counts, and the spread is
kept.
Does not score, does not decide, and overrules no executed test.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.base import Level
from bot.domain.content import Checkpoint, Question, Rubric
from bot.domain.events import CallRecord
from bot.domain.judgement import JudgeInfo, Judgement, Quote, Removed, Status, Verdict
from bot.domain.ports import NOTHING_SPENT, Judged, JudgeRequest, Line, Spent
from bot.errors import ModelError, ScoringError
from bot.model.ledger import NO_CAPS, Caps, Ledger
from bot.model.prompts import clip
from bot.scoring.batch import Item, Point, Scored, answer_share, done, from_judgement, score_item
from bot.scoring.evidence import Said, find_removed, locate, overlaps, without
from bot.scoring.levels import level_of
from bot.scoring.offline import asked_fact, judge_answer, point_vocabulary, removed_spans
from bot.scoring.patterns import in_words
from bot.scoring.references import cover, propose
from bot.scoring.structure import signals
from bot.scoring.stuffing import looks_foreign
from bot.scoring.text import read

if TYPE_CHECKING:
    from bot.model.gateway import Gateway
    from bot.model.prompts import PromptBook
    from bot.settings import Settings

VERSION = "1"
MAX_PROMPT, MAX_SYSTEM = 6_000, 4_700
"""Characters of a whole prompt, and of its part that is the same for every answer to a question."""
MAX_BEFORE, LINES_BEFORE = 160, 2
"""Characters of an earlier line, and how many of those the prompt carries."""
MAX_POINTS = 12
"""Checkpoints of one call: a rubric with more is judged in several."""
_ORDER = (Status.WRONG, Status.ABSENT, Status.PARTIAL, Status.COVERED)


@dataclass(frozen=True, slots=True)
class _Sizes:
    """How much of each part of a question a prompt carries, in characters; 0 leaves the part out."""

    question: int = 900
    statement: int = 420
    wrong: int = 90
    fact: int = 70
    example: int = 160
    anchors: bool = True


_TIGHTER = (
    _Sizes(),
    _Sizes(example=100),
    _Sizes(example=0),
    _Sizes(example=0, anchors=False, question=600),
    _Sizes(example=0, anchors=False, question=500, statement=260, wrong=70, fact=60),
    _Sizes(example=0, anchors=False, question=450, statement=200, wrong=60, fact=45),
    _Sizes(example=0, anchors=False, question=400, statement=150, wrong=50, fact=30),
    _Sizes(example=0, anchors=False, question=300, statement=100, wrong=0, fact=0),
    _Sizes(example=0, anchors=False, question=200, statement=40, wrong=0, fact=0),
)
"""Tried in this order until the constant part is short enough: first what helps goes, then what is judged gets shorter.
The last is short enough for 20 checkpoints; a question has at most 12 (a test holds that)."""


class PointReply(BaseModel):
    """What the model says of one checkpoint."""

    model_config = ConfigDict(extra="ignore")

    checkpoint: str
    status: Literal["covered", "partial", "wrong", "absent"]
    quotes: list[str] = Field(default_factory=list, max_length=6)
    contra: int | None = None
    why: str = ""


class AnswerReply(BaseModel):
    """The model's reply for one answer."""

    model_config = ConfigDict(extra="ignore")

    verdicts: list[PointReply]
    fact: int | None = None


@dataclass(frozen=True)
class Own:
    """The candidate's words on this question: what was said, and the same with removed spans blanked."""

    turn: int
    text: str
    masked: str
    removed: tuple[Removed, ...]

    def find(self, words: str) -> Quote | None:
        """The quote as it stands in the utterance; None when these words are not the candidate's evidence."""
        spot = locate(words, self.masked)
        if spot is None or overlaps(*spot, self.removed):
            return None
        start, end = spot[0], min(spot[1], spot[0] + 240)
        if end - start < 2:
            return None
        return Quote(turn=self.turn, start=start, end=end, text=self.text[start:end])


@dataclass
class Check:
    """Finds what is wrong with a reply. The first time it is strict; after the repair, a verdict without a quote that
    holds is dropped by the caller instead of losing the whole judgement."""

    wanted: frozenset[str]
    own: Sequence[Own]
    strict: bool = True

    def __call__(self, reply: AnswerReply) -> list[str]:
        problems = []
        counts = Counter(v.checkpoint for v in reply.verdicts)
        if unknown := sorted(set(counts) - self.wanted):
            problems.append(f"there are no checkpoints {unknown}")
        if missing := sorted(self.wanted - set(counts)):
            problems.append(f"verdicts are missing for {missing}")
        if doubled := sorted(c for c, n in counts.items() if n > 1):
            problems.append(f"more than one verdict for {doubled}")
        if self.strict:
            problems += [p for v in reply.verdicts if v.status != "absent" for p in self._quotes(v)]
        self.strict = False
        return problems

    def _quotes(self, verdict: PointReply) -> list[str]:
        if not verdict.quotes:
            return [f"{verdict.checkpoint}: {verdict.status} needs a quote of the candidate's words"]
        return [
            f"{verdict.checkpoint}: these words are not in the candidate's answer: {words[:80]!r}"
            for words in verdict.quotes
            if not any(o.find(words) for o in self.own)
        ]


class ModelJudge:
    """Implements `bot.domain.ports.Judge` over a gateway."""

    def __init__(
        self,
        gateway: Gateway,
        *,
        runs: int = 1,
        caps: Caps | None = None,
        within: Ledger | None = None,
        prompts: PromptBook | None = None,
    ) -> None:
        """`caps` hold for a session; in `within` everything that this judge is asked counts."""
        if prompts is None:
            from bot.model.prompts import shipped

            prompts = shipped()
        self._gateway, self._runs, self._prompt = gateway, max(1, runs), prompts.get("judge_answer")
        self._caps, self._within = NO_CAPS if caps is None else caps, within
        self._constant: dict[tuple[str, int, str, int], Mapping[str, object]] = {}  # by question and rubric

    @property
    def name(self) -> str:
        """The model's name."""
        return self._gateway.name

    async def aclose(self) -> None:
        """Let go of the gateway's connection."""
        await self._gateway.aclose()

    async def judge(self, request: JudgeRequest) -> Judged:
        """Verdicts with verified quotes. Raises `ModelError` when no run gave a usable reply."""
        line = next((x for x in reversed(request.lines) if x.turn == request.turn), None)
        if line is None or line.speaker != "candidate":
            raise ScoringError(f"turn {request.turn} is not an utterance of the candidate in this question.")
        own = _own_words(request)
        inputs = {
            **self._of_question(request.question, request.rubric),
            "lines": _before(request, own),
            "code": _code_line(request.code_facts),
        }
        ledger = self._ledger(request.spent, request.paid)
        replies = await self._ask(request.question.checkpoints, own, inputs, request.turn, ledger)
        verdicts, spread = median(request.question.checkpoints, replies, own)
        removed = own[-1].removed
        document = read(own[-1].masked)
        fact = asked_fact(request.question, document)
        said = next((r.fact for r in replies if r.fact is not None), None)
        if fact is None and said is not None and 0 <= said < len(request.question.facts) and _asks(document):
            fact = said
        judgement = Judgement(
            question=request.question.id,
            turn=request.turn,
            status="scored",
            verdicts=verdicts,
            flags=tuple(sorted({f"removed_{r.why}" for r in removed})),
            removed=removed,
            signals=signals(document),
            judge=self.info(len(replies), spread),
            fact=fact,
        )
        return Judged(judgement, tuple(ledger.records))

    def info(self, runs: int, spread: float) -> JudgeInfo:
        """Who judged: the model, the version of the code and of the prompt."""
        version = f"{VERSION}/{self._prompt.hash[:12]}"
        return JudgeInfo(name=self.name, version=version, runs=max(1, runs), spread=round(spread, 4))

    async def judge_points(
        self,
        question: str,
        points: Sequence[Checkpoint],
        answer: str,
    ) -> Judged:
        """The same for an answer outside of an interview: a question's text, its checkpoints, one answer. Raises
        `ModelError`."""
        removed = find_removed(answer, 1, [Said(question, "echo_question")] if question.strip() else [])
        own = [Own(1, answer, without(answer, removed), removed)]
        inputs = {**self._constant_part(question, points), "lines": [], "code": ""}
        ledger = self._ledger(NOTHING_SPENT)
        replies = await self._ask(points, own, inputs, 1, ledger)
        verdicts, spread = median(points, replies, own)
        judgement = Judgement(
            question="item",
            turn=1,
            status="scored",
            verdicts=verdicts,
            flags=tuple(sorted({f"removed_{r.why}" for r in removed})),
            removed=removed,
            judge=self.info(len(replies), spread),
        )
        return Judged(judgement, tuple(ledger.records))

    def _ledger(self, spent: Spent, paid: list[CallRecord] | None = None) -> Ledger:
        ledger = Ledger.after(self._caps, spent, paid)
        ledger.within = self._within
        return ledger

    async def _ask(
        self,
        points: Sequence[Checkpoint],
        own: Sequence[Own],
        inputs: Mapping[str, object],
        turn: int,
        ledger: Ledger,
    ) -> list[AnswerReply]:
        """Up to k usable replies. A failed run is missing, never a verdict; when all fail the last error is raised.
        Every call is booked in the ledger, those of failed runs as well."""
        replies: list[AnswerReply] = []
        failure: ModelError | None = None
        wanted = frozenset(p.id for p in points)
        gateway = self._gateway.bound(ledger)
        inputs = self._fitted(inputs, own[-1])
        shown = list(cast("Sequence[object]", inputs["points"]))
        for run in range(self._runs):
            if run:
                random.Random(f"{turn}/{run}").shuffle(shown)
            prompt = self._prompt.render(**{**inputs, "points": shown})
            try:
                parsed = await gateway.structured(prompt, AnswerReply, check=Check(wanted, own))
            except ModelError as error:
                failure = error
                continue
            replies.append(parsed.value)
        if not replies:
            assert failure is not None, "a run gives a reply or an error"
            raise failure
        return replies

    def _of_question(self, question: Question, rubric: Rubric) -> Mapping[str, object]:
        """The constant part of the prompts for a question of the bank, made once."""
        key = (question.id, question.version, rubric.id, rubric.version)
        if key not in self._constant:
            self._constant[key] = self._constant_part(
                question.opening, question.checkpoints, question, rubric
            )
        return self._constant[key]

    def _constant_part(
        self,
        text: str,
        points: Sequence[Checkpoint],
        question: Question | None = None,
        rubric: Rubric | None = None,
    ) -> Mapping[str, object]:
        """The inputs that stand in every prompt for a question, as much of them as its share of the bound leaves."""
        for sizes in _TIGHTER:
            inputs: dict[str, object] = {
                "question": clip(text, sizes.question, "middle"),
                "points": [_point(p, sizes) for p in points],
                "facts": [],
                "anchors": "",
                "examples": [],
            }
            if question is not None and rubric is not None:
                inputs["facts"] = [clip(f.answer, sizes.fact, "middle") for f in question.facts if sizes.fact]
                inputs["anchors"] = _anchors(question, rubric) if sizes.anchors else ""
                inputs["examples"] = _examples(question, rubric, sizes.example) if sizes.example else []
            rendered = self._prompt.render(**inputs, lines=[], code="", answer="")
            if len(rendered.system) <= MAX_SYSTEM:
                break
        return inputs

    def _fitted(self, inputs: Mapping[str, object], last: Own) -> Mapping[str, object]:
        """The inputs with as much of the answer as the prompt's bound leaves; earlier lines give way to it."""
        answer = _shown(last.masked)
        for lines in (inputs["lines"], []):
            fitted = {**inputs, "lines": lines}
            room = MAX_PROMPT - self._prompt.render(**fitted, answer="").chars
            if room >= len(answer):
                break
        return {**fitted, "answer": clip(answer, room, "middle")}


def median(
    points: Sequence[Checkpoint], replies: Sequence[AnswerReply], own: Sequence[Own]
) -> tuple[tuple[Verdict, ...], float]:
    """The median verdict of each checkpoint, and the share of checkpoints whose verdict differed between runs."""
    verdicts: list[Verdict] = []
    differing = 0
    for point in points:
        runs = sorted(
            (_verified(point, next(v for v in r.verdicts if v.checkpoint == point.id), own) for r in replies),
            key=lambda v: _ORDER.index(v.status),
        )
        middle = runs[(len(runs) - 1) // 2]
        if len({v.status for v in runs}) > 1:
            differing += 1
            told = Counter(v.status.value for v in runs)
            said = ", ".join(f"{status} {n} ×" for status, n in told.items())
            middle = middle.model_copy(update={"why": f"{middle.why}; the readings differed: {said}"})
        verdicts.append(middle)
    return tuple(verdicts), differing / len(points) if points else 0.0


def _verified(point: Checkpoint, said: PointReply, own: Sequence[Own]) -> Verdict:
    status, why = Status(said.status), " ".join(said.why.split())[:200]
    if status is Status.ABSENT:
        return Verdict(checkpoint=point.id, status=status, why=why or "not said")
    found = [
        q for words in said.quotes if (q := next((h for o in reversed(own) if (h := o.find(words))), None))
    ]
    quotes = tuple(dict.fromkeys(found))[:3]
    if not quotes:
        why = f"the judge said {status.value} without words of yours that hold; not counted"
        return Verdict(checkpoint=point.id, status=Status.ABSENT, why=why)
    if status in (Status.COVERED, Status.PARTIAL) and not _speaks_of(point, quotes):
        why = f"the judge said {status.value} for words of yours that share nothing with this point; not counted"
        return Verdict(checkpoint=point.id, status=Status.ABSENT, why=why)
    contra = said.contra
    if status is not Status.WRONG or contra is None or not 0 <= contra < len(point.contra):
        contra = 0 if status is Status.WRONG and point.contra else None
    return Verdict(checkpoint=point.id, status=status, quotes=quotes, why=why or "said", contra=contra)


def _speaks_of(point: Checkpoint, quotes: Sequence[Quote]) -> bool:
    """Whether the quotes share a word with the point's statement, probe or wordings, or hold a figure or formula.

    What a judge that obeys the candidate would quote ("yes, of course") does not; of the points that honest answers cover,
    all but formulas do. Stories say a thing in any words, and points made of a reference have no wordings: both are left out.
    """
    if point.dimension.startswith(("BA-", "BH-")):
        return True
    words = "\n".join(q.text for q in quotes)
    return bool(read(words).stems & point_vocabulary(point)) or re.search(r"[\d=^<>]", words) is not None


def _own_words(request: JudgeRequest) -> list[Own]:
    found: list[Own] = []
    for i, line in enumerate(request.lines):
        if line.speaker == "candidate" and line.turn <= request.turn:
            removed = removed_spans(line, request.lines[:i], request.question)
            found.append(Own(line.turn, line.text, without(line.text, removed), removed))
    return found


def _before(request: JudgeRequest, own: Sequence[Own]) -> list[dict[str, str]]:
    masked = {o.turn: o.masked for o in own}
    earlier = [x for x in request.lines if x.turn < request.turn and x.text != request.question.opening]
    return [
        {"speaker": x.speaker, "text": clip(_shown(masked.get(x.turn, x.text)), MAX_BEFORE, "middle")}
        for x in earlier[-LINES_BEFORE:]
    ]


def _shown(masked: str) -> str:
    """The answer as the model sees it: what was removed leaves no trace but a gap."""
    return re.sub(r"[ \t]{3,}", " ", re.sub(r"\s*\n\s*\n\s*", "\n", masked)).strip()


def _point(point: Checkpoint, sizes: _Sizes = _TIGHTER[0]) -> dict[str, Any]:
    says = [_in_words(c.says) for c in point.contra] if sizes.wrong else []
    wrong = [
        {"number": i, "claim": clip(words, sizes.wrong, "middle")} for i, words in enumerate(says) if words
    ]
    statement = clip(point.statement, sizes.statement, "middle")
    return {"id": point.id, "kind": point.kind, "statement": statement, "wrong": wrong}


def _in_words(says: Sequence[str]) -> str:
    """A false claim in readable words: its first wording that is no pattern, else the first pattern that can be told
    in words; empty when there is none."""
    plain = next((w for w in says if not w.startswith("re:")), None)
    if plain is not None:
        return plain.replace("|", "/").replace("_", " ")
    return next((words for w in says if (words := in_words(w.removeprefix("re:")))), "")


def _anchors(question: Question, rubric: Rubric) -> str:
    wanted = {c.dimension for c in question.checkpoints}
    return "\n".join(
        f"{d.name}: low: {d.anchors.level_1} good: {d.anchors.level_3}"
        for d in rubric.dimensions
        if d.id in wanted
    )


def _examples(question: Question, rubric: Rubric, size: int) -> list[dict[str, object]]:
    """Two of the question's reference answers with their verdicts, as the authors' wordings give them."""
    shown: list[dict[str, object]] = []
    for level in (2, 3):
        text = clip(question.answers.by_level()[level], size, "middle")
        lines = (Line(1, "interviewer", question.opening), Line(2, "candidate", text))
        judged = judge_answer(JudgeRequest(question, rubric, Level.MID, lines, 2))
        words = ", ".join(
            f"{v.checkpoint}: {v.status.value}" for v in judged.verdicts if v.status is not Status.ABSENT
        )
        shown.append({"level": level, "text": text, "verdicts": f"{words or 'none'}; the rest absent"})
    return shown


def _batched(points: Sequence[Checkpoint], size: int) -> list[Sequence[Checkpoint]]:
    """The points in groups of at most `size`."""
    return [points[i : i + size] for i in range(0, len(points), size)]


def _asks(document: Any) -> bool:
    return any(s.is_question for s in document.sentences)


def _code_line(facts: Mapping[str, object] | None) -> str:
    if not facts:
        return ""
    from bot.scoring.code import from_report

    known = from_report(facts)
    parts = [f"{known.visible_passed} of {known.visible_total} samples pass"] if known.visible_total else []
    if known.hidden_share is not None:
        parts.append(f"{known.hidden_share:.0%} of the hidden tests pass")
    if known.timed_out:
        parts.append("some run out of time")
    if known.worse_complexity:
        parts.append("it grows faster than asked")
    return ", ".join(parts)


@dataclass
class BatchJudge:
    """Scores batch items with a model, several at once if you like. `bill` has what the whole run used, with its caps:
    they hold with calls in flight, since each sets aside the most that it can cost."""

    judge: ModelJudge  # within `bill`
    questions: Mapping[str, Question]
    rubrics: Mapping[Any, Rubric]
    bill: Ledger

    async def __call__(self, item: Item) -> Scored:
        """The item's score; a model that fails gives "failed" and no number."""
        known = self.questions.get(item.question_id or item.question.strip())
        if (
            (item.question_id and known is None)
            or not read(item.answer).stems
            or looks_foreign(read(item.answer))
        ):
            return score_item(item, self.questions, self.rubrics)  # nothing that a model could read
        try:
            if known is not None and not item.reference and not item.checkpoints:
                return await self._by_bank(item, known)
            return await self._by_points(item, known.opening if known is not None else item.question)
        except (ModelError, ScoringError) as error:
            return Scored(item.id, "failed", why=error.message)

    async def aclose(self) -> None:
        """Let go of the connection, at the end of a run."""
        await self.judge.aclose()

    async def _by_bank(self, item: Item, known: Question) -> Scored:
        lines = (Line(1, "interviewer", known.opening), Line(2, "candidate", item.answer))
        judged = await self.judge.judge(JudgeRequest(known, self.rubrics[known.round], Level.MID, lines, 2))
        return _counted(from_judgement(item, judged.judgement, known.checkpoints), [judged.judgement])

    async def _by_points(self, item: Item, question: str) -> Scored:
        """By checkpoints, by the reference that the answer is nearest to, or by the mean of both."""
        lists = [found for found in (_points_of(item), _points_in(item, question)) if found]
        if not lists:
            return score_item(
                item, self.questions, self.rubrics
            )  # says that there is nothing to compare with
        judgements: list[Judgement] = []
        shares: list[float] = []
        beyond = True
        for points in lists:
            mine = [await self._judged(item, question, group) for group in _batched(points, MAX_POINTS)]
            verdicts = [v for judgement in mine for v in judgement.verdicts]
            share, further = answer_share(verdicts, {p.id: (p.weight, p.kind) for p in points})
            shares.append(share)
            beyond = beyond and (further or all(p.kind == "must" for p in points))
            judgements += mine
        score = sum(shares) / len(shares)
        names = {f"point-{i}": p.id for i, p in enumerate(item.checkpoints or (), 1) if p.id}
        verdicts = [
            v.model_copy(update={"checkpoint": names.get(v.checkpoint, v.checkpoint)})
            for judgement in judgements
            for v in judgement.verdicts
        ]
        flags = tuple(sorted({f for judgement in judgements for f in judgement.flags}))
        return _counted(done(item, score, level_of(score, beyond=beyond), tuple(verdicts), flags), judgements)

    async def _judged(self, item: Item, question: str, points: Sequence[Checkpoint]) -> Judgement:
        return (await self.judge.judge_points(question, points, item.answer)).judgement


def _counted(scored: Scored, judgements: Sequence[Judgement]) -> Scored:
    """The outcome with how often the model read it, and on what share of the verdicts its readings differed."""
    runs = min(j.judge.runs for j in judgements)
    points = sum(len(j.verdicts) for j in judgements)
    differing = sum(j.judge.spread * len(j.verdicts) for j in judgements)
    return replace(scored, runs=runs, spread=round(differing / points, 4) if points else 0.0)


def batch_scorer(
    settings: Settings, questions: Mapping[str, Question], rubrics: Mapping[Any, Rubric]
) -> BatchJudge:
    """A scorer of batch items with the model that the settings name; their cap on money is that of the whole run.
    Raises `SettingsError` without a model."""
    from bot.model.gateway import gateway_from

    gateway = gateway_from(settings, "judge")
    bill = Ledger(Caps(session_usd=settings.max_usd))
    return BatchJudge(ModelJudge(gateway, runs=settings.judge_runs, within=bill), questions, rubrics, bill)


def judge_over(gateway: Gateway, settings: Settings) -> ModelJudge:
    """The model judge over a gateway, with the runs and the caps of the settings."""
    from bot.model.gateway import caps_from

    return ModelJudge(gateway, runs=settings.judge_runs, caps=caps_from(settings))


def _points_of(item: Item) -> tuple[Checkpoint, ...]:
    """The item's checkpoints as a model is asked about them; only what their weights are to one another matters."""
    points = item.checkpoints or ()
    most = max((p.weight for p in points), default=1.0)
    return tuple(
        Checkpoint(
            id=f"point-{i}",
            statement=_statement(p),
            dimension="BA-TCH",
            kind=p.kind,
            weight=p.weight / most,
            any_of=p.any_of or ("-any-",),
            contra=p.contra,
            probe="-",
        )
        for i, p in enumerate(points, 1)
    )


def _statement(point: Point) -> str:
    if not point.options:
        return point.statement
    return f"{point.statement} ({point.choose} of these make it full: {'; '.join(point.options)})"


def _points_in(item: Item, question: str) -> tuple[Checkpoint, ...]:
    """The checkpoints of the reference that the answer is nearest to: any one of several is a full answer."""
    references = item.reference or ()
    nearest = max(
        references, key=lambda r: c.score if (c := cover(question, r, item.answer)) else 0.0, default=""
    )
    return propose(question, nearest, dimension="BA-TCH") if nearest else ()
