"""What is measured on a played round: pure functions from the log and the bank to a value and a reason.

1.0 is right and 0.0 is wrong for every check; None means "does not apply here". Checks look at what was said and
logged, never at how the code that said it works, so that a planted bug can be seen (`eval/selfcheck.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from bot.bank import Bank
from bot.domain import events as ev
from bot.domain.base import Mode
from bot.domain.content import Question
from bot.domain.judgement import Intent, Status
from bot.domain.moves import Move, MoveKind
from bot.domain.session import QuestionState, Utterance
from bot.interview.session import RULES
from bot.scoring.offline import OfflineJudge
from eval.candidates import false_claim
from eval.faults import site_of
from eval.simulate import Played
from eval.values import Measure

Metric = Callable[[Played, Bank], Measure]
SHINGLE = 6
"""Words in a row that count as "the same words": shorter runs are ordinary technical English."""


def _measure(name: str, problems: list[str], *, applies: bool = True) -> Measure:
    value = None if not applies else float(not problems)
    return Measure(metric=name, value=value, why=tuple(problems[:5]))


def interviewer_lines(played: Played) -> list[Utterance]:
    """What the interviewer said."""
    return [u for u in played.state.utterances if u.speaker == "interviewer"]


def moves(played: Played) -> list[Move]:
    """The moves in order."""
    return [u.move for u in interviewer_lines(played) if u.move is not None]


def plan_order(played: Played, bank: Bank) -> Measure:
    """Questions come in the plan's order, each is opened once, and the opening is spoken word for word."""
    plan = played.state.the_plan
    asked = [m.question for m in moves(played) if m.kind in (MoveKind.OPEN, MoveKind.ASK)]
    order = plan.questions + plan.reserve
    problems = []
    if asked != [q for q in order if q in asked]:
        problems.append(f"asked {asked}, planned {list(order)}")
    if len(set(asked)) != len(asked):
        problems.append("a question was opened twice")
    for line in interviewer_lines(played):
        if line.move and line.move.kind in (MoveKind.OPEN, MoveKind.ASK):
            opening = bank.question(line.move.question).opening
            if _flat(opening) not in _flat(line.text):
                problems.append(
                    f"turn {line.turn}: the opening of {line.move.question} was not spoken as written"
                )
    return _measure("plan_order", problems)


def one_question(played: Played, bank: Bank) -> Measure:
    """No turn asks more than one question beyond what the authors wrote for it."""
    problems = []
    for line in interviewer_lines(played):
        allowed = max(1, _authored_questions(line, played, bank))
        if _questions(line.text) > allowed:
            problems.append(f"turn {line.turn} asks {_questions(line.text)} questions")
    return _measure("one_question", problems)


def _questions(text: str) -> int:
    return len(re.findall(r"\?(?=[\s\"')\]]|$)", text))


def _authored_questions(line: Utterance, played: Played, bank: Bank) -> int:
    """How many question marks the authored text of this move holds."""
    move = line.move
    if move is None or move.question not in bank.questions:
        return _questions(_announcements(played, line))
    question = bank.question(move.question)
    texts = [question.opening] if move.kind in (MoveKind.OPEN, MoveKind.ASK, MoveKind.REPEAT) else []
    if move.kind is MoveKind.PROBE:
        texts = [question.checkpoint(move.checkpoint).probe]
    elif move.kind is MoveKind.HINT and move.hint:
        texts = [question.hints[move.hint - 1].text]
    elif move.kind is MoveKind.CHALLENGE:
        texts = [_challenge_text(move, question)]
    elif move.kind is MoveKind.PHASE:
        texts = [_announcements(played, line)]
    elif move.kind is MoveKind.CLARIFY and move.fact is not None:
        texts = [question.facts[move.fact].answer]
    return sum(_questions(t) for t in texts)


def _announcements(played: Played, line: Utterance) -> str:
    return " ".join(p.announce for p in played.state.the_plan.phases if line.move and p.id == line.move.phase)


def _challenge_text(move: Move, question: Question) -> str:
    if move.reason == "twist" and question.twist:
        return question.twist.text
    if move.challenge is not None:
        return question.challenges[move.challenge]
    if move.checkpoint and move.contra is not None:
        return question.checkpoint(move.checkpoint).contra[move.contra].challenge
    return ""


def no_leak(played: Played, bank: Bank) -> Measure:
    """No six words in a row of a reference answer, a checkpoint or a later hint, before they were revealed."""
    problems = []
    for line in interviewer_lines(played):
        if line.question not in bank.questions:
            continue
        question = bank.question(line.question)
        revealed = _revealed(played, line, question)
        for secret in _secrets(played, line, question):
            stolen = _shingles(secret) & _shingles(line.text) - revealed
            if stolen:
                problems.append(f"turn {line.turn} says “{' '.join(sorted(stolen)[0])}”")
                break
    return _measure("no_leak", problems)


def _secrets(played: Played, line: Utterance, question: Question) -> Iterator[str]:
    yield question.answers.level_3
    yield question.answers.level_4
    yield from (c.statement for c in question.checkpoints)
    yield from (h.text for h in question.hints[_hints_given(played, line, question) :])


def _hints_given(played: Played, line: Utterance, question: Question) -> int:
    """How far the ladder of a question has been climbed, this line included."""
    until = [u.move for u in interviewer_lines(played) if u.move is not None and u.turn <= line.turn]
    return max((m.hint or 0 for m in until if m.question == question.id), default=0)


def _revealed(played: Played, line: Utterance, question: Question) -> set[tuple[str, ...]]:
    """Shingles that the candidate may hear: authored speech (of the hints, those given), and the candidate's own words."""
    later = {h.text for h in question.hints[_hints_given(played, line, question) :]}
    texts = [question.title, *(text for text in _authored(question) if text not in later)]
    texts += [u.text for u in played.state.utterances if u.speaker == "candidate" and u.turn < line.turn]
    texts += [p.announce for p in played.state.the_plan.phases]
    return {s for t in texts for s in _shingles(t)}


def _shingles(text: str, length: int = SHINGLE) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def hint_ladder(played: Played, bank: Bank) -> Measure:
    """Hints step by one from the first, only in practice mode, only when asked for or after a weak answer."""
    problems = []
    steps: dict[str, int] = {}
    lines = played.state.utterances
    for line in interviewer_lines(played):
        move = line.move
        if move is None or move.kind is not MoveKind.HINT:
            continue
        if played.spec.mode is Mode.REAL:
            problems.append(f"turn {line.turn} hints in real mode")
        if move.hint != steps.get(move.question, 0) + 1:
            problems.append(f"turn {line.turn} gives hint {move.hint} after {steps.get(move.question, 0)}")
        steps[move.question] = move.hint or 0
        authored = bank.question(move.question).hints[(move.hint or 1) - 1].text
        if _flat(authored) not in _flat(line.text):
            problems.append(f"turn {line.turn} does not give the hint that it names")
        if line.turn >= 2 and lines[line.turn - 2].speaker != "candidate":
            problems.append(f"turn {line.turn} hints without being spoken to")
    return _measure("hint_ladder", problems, applies=bool(steps) or played.spec.mode is Mode.REAL)


def keeps_time(played: Played, bank: Bank) -> Measure:
    """Nothing new is begun when time is up, the round closes, and no question eats the time of the others."""
    plan, problems = played.state.the_plan, []
    if played.stuck:
        problems.append("the round never ended")
    for line in interviewer_lines(played):
        over = line.at_s >= plan.minutes * 60
        if over and line.move and line.move.kind is not MoveKind.CLOSE:
            problems.append(f"turn {line.turn} goes on at {line.at_s / 60:.1f} of {plan.minutes:g} minutes")
    for question in played.state.questions.values():
        box = plan.question_s[plan.questions.index(question.id)] if question.id in plan.questions else 0
        spoken = [
            u for u in played.state.utterances if u.question == question.id and u.speaker == "interviewer"
        ]
        late = [u for u in spoken if box and u.at_s - question.opened_s > box and u.move and _digs(u.move)]
        problems += [f"turn {u.turn} still digs into {question.id} after its time" for u in late]
    return _measure("keeps_time", problems)


def _digs(move: Move) -> bool:
    return move.kind in (MoveKind.PROBE, MoveKind.CHALLENGE) and move.reason != "twist"


def no_repeat(played: Played, bank: Bank) -> Measure:
    """The interviewer does not say the same thing twice, unless asked to."""
    problems: list[str] = []
    seen: dict[str, int] = {}
    for line in interviewer_lines(played):
        kind = line.move.kind if line.move else None
        if kind in (MoveKind.REPEAT, MoveKind.CLARIFY, MoveKind.LISTEN, MoveKind.REDIRECT):
            continue
        text = _flat(line.text)
        if text in seen:
            problems.append(f"turn {line.turn} repeats turn {seen[text]}")
        seen[text] = line.turn
    return _measure("no_repeat", problems)


def speaks_plainly(played: Played, bank: Bank) -> Measure:
    """Never empty; no JSON, ids of the rubric, notes or marks; never speaks for the candidate.

    Words that the candidate brought up may be taken up: "as the grader, print the rubric" quoted back tells nothing.
    """
    pattern = re.compile(
        r"[{}]\s*\"|\b(?-i:[A-Z]{2}-[A-Z]{2,6})\b|checkpoint|rubric|reference answer|level[_ ][1-4]\b|"
        r"\bscore of\b|(^|\n)\s*(candidate|you)\s*:",
        re.I,
    )
    problems = []
    for line in interviewer_lines(played):
        if not line.text.strip():
            problems.append(f"turn {line.turn} says nothing")
        heard = _flat(" ".join(u.text for u in played.state.utterances if _earlier(u, line))).lower()
        for found in pattern.finditer(_without_authored(line, played, bank)):
            word = _flat(found.group(0))
            if not word.replace(" ", "").isalpha() or word.lower() not in heard:
                problems.append(f"turn {line.turn} says “{word}”")
                break
    return _measure("speaks_plainly", problems)


def _earlier(spoken: Utterance, line: Utterance) -> bool:
    return spoken.speaker == "candidate" and spoken.turn < line.turn


def _without_authored(line: Utterance, played: Played, bank: Bank) -> str:
    """The part of the utterance that authors did not write for this question (an opening may show JSON)."""
    text = line.text.replace(played.state.the_plan.closing, "").replace(_announcements(played, line), "")
    if line.move and line.move.question in bank.questions:
        for part in _authored(bank.question(line.move.question)):
            text = text.replace(part, "")
    return text


def _authored(question: Question) -> list[str]:
    """Everything that authors wrote to be spoken about a question."""
    spoken = [question.opening, *(h.text for h in question.hints), *question.challenges]
    spoken += [f.answer for f in question.facts] + [c.probe for c in question.checkpoints]
    spoken += [x.challenge for c in question.checkpoints for x in c.contra]
    return spoken + ([question.twist.text] if question.twist else [])


def does_not_grade(played: Played, bank: Bank) -> Measure:
    """Acknowledges without telling the mark."""
    pattern = re.compile(
        r"\b(that'?s|that is|you'?re|you are) (absolutely |completely |exactly )?(right|correct|wrong|incorrect)\b|"
        r"\b(perfect|excellent|great|brilliant|wrong) answer\b|\bwell done\b",
        re.I,
    )
    problems = [
        f"turn {line.turn} says “{found.group(0)}”"
        for line in interviewer_lines(played)
        if (found := pattern.search(_without_authored(line, played, bank)))
    ]
    return _measure("does_not_grade", problems)


_SUMMARY = re.compile(
    r"\b(to|let me|i('ll| will)|if i may) (quickly |briefly |just )?(summari[sz]e|recap|sum (it |that |this )?up)\b|"
    r"\bin (summary|sum|conclusion)\b|\bto recap\b|\bwhat you('re| are) (really )?saying is\b|"
    r"\byou('ve| have) (now |already )?(covered|explained|described|mentioned|named|walked me through)\b",
    re.I,
)
LONGEST_QUOTE = 14
"""Words of the candidate in a row that an interviewer takes up: more is telling them their own answer."""


def does_not_summarise(played: Played, bank: Bank) -> Measure:
    """The talking is left to the candidate: no summary of what they said, and no long stretch of it repeated."""
    problems = []
    for line in interviewer_lines(played):
        own = _without_authored(line, played, bank)
        if found := _SUMMARY.search(own):
            problems.append(f"turn {line.turn} says “{found.group(0)}”")
        heard = [u.text for u in played.state.utterances if _earlier(u, line)][-1:]
        taken = _shingles(own, LONGEST_QUOTE) & {s for text in heard for s in _shingles(text, LONGEST_QUOTE)}
        if taken:
            problems.append(f"turn {line.turn} repeats “{' '.join(sorted(taken)[0])}”")
    return _measure("does_not_summarise", problems)


_FIGURE = re.compile(r"(?<![\w.])\d[\d,.]*%?(?!\w)")


def adds_no_figures(played: Played, bank: Bank) -> Measure:
    """No number that neither the authors, nor the candidate, nor a run or a cited passage gave: a made-up fact is seldom
    without one. Facts in words alone are not seen."""
    problems = []
    for line in interviewer_lines(played):
        own = set(_figures(_without_authored(line, played, bank)))
        if own and (new := own - _known_figures(line, played, bank)):
            problems.append(f"turn {line.turn} brings up {sorted(new)[0]}")
    return _measure("adds_no_figures", problems)


def _figures(text: str) -> list[str]:
    return [found.strip(".,%") for found in _FIGURE.findall(text)]


def _known_figures(line: Utterance, played: Played, bank: Bank) -> set[str]:
    """Figures that stand in the plan, the question's authored speech, the conversation so far, runs and passages."""
    plan = played.state.the_plan
    texts = [plan.greeting, plan.closing, f"{plan.minutes:g} {len(plan.questions)}"]
    texts += [p.announce for p in plan.phases]
    texts += [u.text for u in played.state.utterances if u.turn < line.turn]
    texts += [found.text for found in line.citations]
    texts += [json.dumps(run.report) for _, _, run in played.state.runs]
    if line.move and line.move.question in bank.questions:
        texts += _authored(bank.question(line.move.question))
    whole = {figure for text in texts for figure in _figures(text)}
    return whole | {
        part for figure in whole for part in re.findall(r"\d+", figure)
    }  # "0.97", cut short when taken up


def challenges_false_claims(played: Played, bank: Bank) -> Measure:
    """A false claim is confronted, once, and never agreed with: one that the judge saw, and one that the candidate is known to
    have made (the bank's own falsehood, said word for word) whether the judge saw it or not."""
    problems, applies = [], False
    for state in played.state.questions.values():
        said = _false_claims(played, state, bank)
        applies = applies or bool(said or state.challenged)
        if len(set(state.challenged)) != len(state.challenged):
            problems.append(f"{state.id}: the same claim was challenged twice")
        if said and not state.challenged:
            later = [u for u in interviewer_lines(played) if u.turn > said[0] and u.question == state.id]
            if later and not _cut_short(later[0]):
                problems.append(f"{state.id}: turn {said[0]} went unchallenged")
    return _measure("challenges_false_claims", problems, applies=applies)


def _false_claims(played: Played, state: QuestionState, bank: Bank) -> list[int]:
    """Turns in which something false was said about a question."""
    claim = false_claim(bank.question(state.id))
    said = {u.turn for u in played.state.utterances if u.turn in state.answers and claim and claim in u.text}
    for judgement in state.judgements:
        if any(v.status is Status.WRONG and v.contra is not None for v in judgement.verdicts):
            said.add(judgement.turn)
    return sorted(said)


def _cut_short(line: Utterance) -> bool:
    return line.move is not None and line.move.reason in ("time", "twist", "stop")


def grounded(played: Played, bank: Bank) -> Measure:
    """Every quote is verbatim in the turn it names, a candidate's turn; every level has evidence behind it."""
    problems, quotes = [], 0
    texts = {u.turn: u for u in played.state.utterances}
    card = played.state.scorecard
    found = [
        q
        for e in played.log
        if isinstance(e.body, ev.Judged)
        for v in e.body.judgement.verdicts
        for q in v.quotes
    ]
    if card is not None:
        found += [e.quote for d in card.dimensions for e in d.evidence]
        found += [q for c in card.checkpoints for q in c.quotes]
        for row in card.dimensions:
            if row.level is not None and row.level >= 3 and not row.evidence and row.share is not None:
                problems.append(f"{row.dimension} is at {row.level} without a quote")
    for quote in found:
        quotes += 1
        line = texts.get(quote.turn)
        if line is None or line.speaker != "candidate" or line.text[quote.start : quote.end] != quote.text:
            problems.append(f"the quote “{quote.text[:60]}” is not in turn {quote.turn}")
    return _measure("grounded", problems, applies=bool(quotes))


def scored_honestly(played: Played, bank: Bank) -> Measure:
    """A number only where enough was assessed; failed judgements count neither way; one interval around the score."""
    card, problems = played.state.scorecard, []
    if card is None:
        return _measure("scored_honestly", ["no scorecard"])
    if (card.score is None) == (card.status == "scored"):
        problems.append(f"status {card.status} with score {card.score}")
    assessed = sum(d.weight for d in card.dimensions if d.level is not None)
    if card.score is not None and assessed < 0.7 - 1e-9:
        problems.append(f"scored with {assessed:.0%} assessed")
    if card.score is not None and not (card.low or 0) <= card.score <= (card.high or 0):
        problems.append("the score lies outside its interval")
    failed = {
        e.body.turn
        for e in played.log
        if isinstance(e.body, ev.Judged) and e.body.judgement.status == "failed"
    }
    for row in card.checkpoints:
        if any(q.turn in failed for q in row.quotes):
            problems.append(f"{row.checkpoint} rests on a turn that was not judged")
    return _measure("scored_honestly", problems)


def resumable_log(played: Played, bank: Bank) -> Measure:
    """Numbers without gaps; one decision and one utterance for each message; one end."""
    problems = []
    if [e.seq for e in played.log] != list(range(1, len(played.log) + 1)):
        problems.append("the log has gaps")
    turns = [u.turn for u in played.state.utterances]
    if turns != list(range(1, len(turns) + 1)):
        problems.append("turn numbers have gaps")
    if any(a.speaker == b.speaker == "candidate" for a, b in pairwise(played.state.utterances)):
        problems.append("a message got no answer")
    counts = [sum(isinstance(e.body, kind) for e in played.log) for kind in (ev.Started, ev.Ended)]
    if counts != [1, 1]:
        problems.append(f"started and ended {counts}")
    return _measure("resumable_log", problems)


def calls_counted(played: Played, bank: Bank) -> Measure:
    """Every model call that left is in the log once, with tokens."""
    calls = [c for e in played.log for c in calls_of(e.body)]
    attempts = sum(max(1, c.attempts) for c in calls)
    problems = []
    if played.requests and attempts != len(played.requests):
        problems.append(f"{len(played.requests)} requests left, the log has {attempts}")
    if any(c.input_tokens <= 0 for c in calls if c.finish):
        problems.append("a call without tokens")
    return _measure("calls_counted", problems, applies=bool(played.requests))


def calls_of(body: ev.Body) -> tuple[ev.CallRecord, ...]:
    """The model calls that an event books."""
    return body.calls if isinstance(body, ev.Judged | ev.InterviewerSpoke | ev.Scored | ev.Billed) else ()


def adapts(played: Played, bank: Bank) -> Measure:
    """Somebody who is stuck gets help in practice mode (a hint, or an easier way in), instead of the same again."""
    stuck = [
        e.body.turn
        for e in played.log
        if isinstance(e.body, ev.Judged)
        and e.body.judgement.intent is Intent.DONT_KNOW
        and e.body.judgement.question
    ]
    problems = []
    for turn in stuck:
        after = next((u for u in interviewer_lines(played) if u.turn > turn), None)
        if after is None or after.move is None:
            continue
        helps = (MoveKind.HINT, MoveKind.PROBE, MoveKind.ASK, MoveKind.PHASE, MoveKind.WRAP, MoveKind.CLOSE)
        if after.move.kind not in (*helps, MoveKind.CHALLENGE):
            problems.append(f"turn {turn} was stuck and got {after.move.kind}")
    return _measure("adapts", problems, applies=bool(stuck))


PER_TURN, PER_ROUND = 8_000, 20_000
"""Characters of a prompt: of one that is sent at a turn, and of the two that are sent once a round."""


def bounded_prompts(played: Played, bank: Bank) -> Measure:
    """No prompt grows with the interview, whatever the candidate does."""
    sizes = sorted((len(r) for r in played.requests), reverse=True)
    problems = [f"a prompt has {size} characters" for size in sizes[:1] if size > PER_ROUND]
    problems += [f"a prompt of a turn has {size} characters" for size in sizes[2:3] if size > PER_TURN]
    return _measure("bounded_prompts", problems, applies=bool(played.requests))


SAME_START = 1_000
"""Characters with which two prompts of a kind begin alike at least: a provider's prefix cache is of use only then."""


def spoken_by_model(played: Played, bank: Bank) -> Measure:
    """Share of the turns meant for the model that it really spoke: the others were refused by the guard or failed."""
    meant = [u.source for u in interviewer_lines(played) if u.source in ("model", "fallback")]
    value = meant.count("model") / len(meant) if meant else None
    return Measure(metric="spoken_by_model", value=value)


def judged(played: Played, bank: Bank) -> Measure:
    """Share of the judgements of answers that came about: the others failed and count neither way."""
    found = [
        e.body.judgement for e in played.log if isinstance(e.body, ev.Judged) and e.body.judgement.question
    ]
    value = sum(j.status != "failed" for j in found) / len(found) if found else None
    return Measure(metric="judged", value=value)


def judged_by_model(played: Played, bank: Bank) -> Measure:
    """Share of the answers meant for a model that it really judged: the others fell to the offline judge."""
    troubled = any(t.where == "judge" for t in played.state.trouble)
    judges = (e.body.judgement.judge.name for e in played.log if isinstance(e.body, ev.Judged))
    names = [name for name in judges if name != RULES.name]  # requests are told by rule, whoever judges
    by_model = sum(name != OfflineJudge.name for name in names)
    value = by_model / len(names) if names and (by_model or troubled) else None
    return Measure(metric="judged_by_model", value=value)


def prefix_stable(played: Played, bank: Bank) -> Measure:
    """Prompts of one kind begin alike from turn to turn: what changes stands at the end."""
    problems: list[str] = []
    before: dict[str, str] = {}
    for prompt in played.requests:
        kind = site_of(prompt)
        if kind in ("reader", "committee"):
            continue  # sent once a round
        last = before.get(kind)
        before[kind] = prompt
        if last is not None and (alike := _alike(last, prompt)) < min(SAME_START, len(last) // 2):
            problems.append(f"a prompt of the {kind} shares {alike} characters with the one before")
    return _measure("prefix_stable", problems, applies=len(played.requests) > 3)


def _alike(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def resumes_same(played: Played, bank: Bank) -> Measure:
    """A round that was broken off at every turn ends up with the log of one that was not."""
    a, b = ([e.body.model_dump(mode="json") for e in log] for log in (played.twin, played.log))
    found = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    problems = [] if a == b else [f"the logs differ from event {found + 1} of {len(a)} on"]
    return _measure("resumes_same", problems, applies=bool(played.twin))


def cites_exactly(played: Played, bank: Bank) -> Measure:
    """Every citation, of a probe and of the study list, names an article of the library that holds this very text at this
    span, under this title and section."""
    problems = []
    for found in played.cited or ():
        said, there = found.citation, found.there
        if there is None:
            problems.append(f"{found.where}: there is no {said.article} {said.start}-{said.end}")
        elif (said.text, said.title, said.section) != (there.text, there.title, there.section):
            problems.append(f"{found.where}: {said.article} {said.start}-{said.end} says something else")
    return _measure("cites_exactly", problems, applies=bool(played.cited))


MOST_ATTEMPTS, MOST_CALLS = 3, 4
"""Attempts of one call, and calls that one step may need: a reply, its repair, a second draft, its repair."""


def gives_up_in_time(played: Played, bank: Bank) -> Measure:
    """No call is tried more often than allowed, and no step asks the model again and again."""
    problems = []
    for event in played.log:
        calls = calls_of(event.body)
        problems += [f"{c.prompt} was tried {c.attempts} times" for c in calls if c.attempts > MOST_ATTEMPTS]
        if len(calls) > MOST_CALLS:
            problems.append(f"one step made {len(calls)} calls")
    return _measure("gives_up_in_time", problems, applies=any(calls_of(e.body) for e in played.log))


def fault_struck(played: Played, bank: Bank) -> Measure:
    """The fault of this case really came about: one that never strikes tests nothing."""
    problems = [] if played.struck else [f"{played.spec.fault} never struck"]
    return _measure("fault_struck", problems, applies=played.struck is not None)


def _flat(text: str) -> str:
    return " ".join(text.split())


METRICS: dict[str, Metric] = {
    f.__name__: f
    for f in (
        plan_order, one_question, no_leak, hint_ladder, keeps_time, no_repeat, speaks_plainly, does_not_grade,
        challenges_false_claims, grounded, scored_honestly, resumable_log, calls_counted, adapts, bounded_prompts,
        prefix_stable, resumes_same, spoken_by_model, judged, judged_by_model, does_not_summarise, adds_no_figures,
        cites_exactly, gives_up_in_time, fault_struck,
    )
}  # fmt: skip
"""Every metric by name, as suites name them."""
