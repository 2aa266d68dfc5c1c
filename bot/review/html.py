"""A session's review as HTML: verdict, levels with their quotes, checkpoints, time, transcript, what to study.

Pure functions of `bot.review.report.Report`; used by the page and by the self-contained export. Nothing is computed
here but layout, and everything untrusted goes through `bot/review/markup.py`.
"""

# ruff: noqa: E501  (lines of HTML)

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.coding import Growth
from bot.coding.growth import expected_ms
from bot.domain.base import Mode, RoundId
from bot.domain.judgement import Status
from bot.domain.scorecard import CheckpointResult, DimensionResult, Drill, Evidence, Scorecard
from bot.review import charts, words
from bot.review.markup import Mark, chip, clip, esc, excerpt, icon, rich, verbatim
from bot.review.report import Repeated, Report, Run, Turn, gaps
from bot.scoring.levels import BOUNDS, CREDIT, MID
from bot.scoring.story import HEARD_AS


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the review on a page: buttons in its head, what it is part of, what can be done at its end (HTML),
    and whether articles can be opened."""

    tools: str = ""
    part_of: str = ""
    again: str = ""
    library: bool = False
    earlier: tuple[Repeated, ...] = ()


def review(report: Report, before: Scorecard | None = None, frame: Frame = Frame()) -> str:
    """The whole body of the page for a session that has an assessment."""
    card = report.scorecard
    if card is None:
        raise ValueError("the session has no assessment")
    left = "".join(
        (
            _dimensions(report, card),
            _checkpoints(report, card),
            _repeated(frame.earlier),
            _own_view(report),
            _study(card, frame),
            _code(report),
            _notes(card),
            frame.again,
        )
    )
    return (
        f'<article class="review">{_head(report, card, frame)}{frame.part_of}'
        f'<div class="glance">{_levels(card, before, report)}<div class="stack">{_next(card)}{_time(report)}</div></div>'
        f'<div class="columns"><div class="evidence">{left}</div>{transcript(report, card, frame)}</div></article>'
    )


def _head(report: Report, card: Scorecard, frame: Frame) -> str:
    facts = [
        report.round.label,
        words.LEVELS[report.level],
        words.day(report.created),
        f"{charts.clock(report.used_s)} of {report.minutes:g} min",
        words.MODES[report.mode],
        f"{words.count(report.hints, 'hint')} used" if report.mode is Mode.PRACTICE else "no hints",
    ]
    if card.score is None:
        line = esc(words.label(card.label))
    else:
        line = f"{esc(words.label(card.label))}, <em>{card.score:.1f}</em> of 4"
    spread = ""
    if card.score is not None and card.low is not None and card.high is not None and card.low < card.high:
        spread = f" One round cannot tell closer than {card.low:.1f} to {card.high:.1f}."
    judge = f"Read by {words.judge(card.judge.name)}, rubric version {card.rubric_version}.{spread}"
    return (
        f'<header class="review-head"><div><p class="eyebrow">{" · ".join(esc(f) for f in facts)}</p>'
        f'<h1 id="verdict">{line}</h1><p class="lede">{esc(_in_short(card))}</p>'
        f'<p class="small">{esc(judge)}</p></div>'
        f"{frame.tools}</header>"
    )


def _in_short(card: Scorecard) -> str:
    """What the headline does not say: the level that was met, how it goes with the label, what carried and what cost most."""
    if card.score is None:
        return card.verdict.removeprefix(f"{words.label(card.label)}: ")
    found = [(d.level, d) for d in card.dimensions if d.level is not None]
    best = max(found, key=lambda pair: (pair[0], pair[1].weight))
    worst = min(found, key=lambda pair: (pair[0], -pair[1].weight))
    parts = [f"{card.meets[:1].upper()}{card.meets[1:]}."] if card.meets else []
    parts += [card.apart] if card.apart else []
    if best[0] != worst[0]:
        parts.append(f"Strongest: {best[1].name}. Weakest: {worst[1].name}.")
    return " ".join(parts) or card.verdict


def _levels(card: Scorecard, before: Scorecard | None, report: Report) -> str:
    old = {d.dimension: d.level for d in before.dimensions} if before else {}
    axes = [charts.Axis(d.name, d.level, old.get(d.dimension)) for d in card.dimensions]
    legend = (
        '<p class="legend"><span class="key-now">This session</span><span class="key-before">'
        f"Your last {esc(report.round.label.lower())}</span></p>"
        if any(a.before is not None for a in axes if a.value is not None)
        else ""
    )
    drawn = (
        charts.radar(axes) if card.score is not None else ""
    )  # without a score the table says all there is
    return (
        f'<section class="card" aria-labelledby="h-levels"><h2 id="h-levels">At a glance</h2>{drawn}{legend if drawn else ""}'
        f"{_sum(card, old)}</section>"
    )


def _sum(card: Scorecard, old: Mapping[str, float | None]) -> str:
    """How the score comes about, as a sum that can be checked by hand: each level, what it weighs, what it brings."""
    whole = sum(d.weight for d in card.dimensions if d.level is not None)
    scored = card.score is not None

    def row(d: DimensionResult) -> str:
        before = f"<td>{_short(old.get(d.dimension))}</td>" if old else ""
        if d.level is None:
            return f'<tr class="open"><th scope=row>{esc(d.name)}</th><td>{_short(None)}</td>{before}{"<td></td>" * (2 * scored)}</tr>'
        link = f'<a href="#dim-{card.dimensions.index(d)}">{esc(d.name)}</a>'
        counts = (
            f"<td>{100 * d.weight / whole:.0f} %</td><td>{d.level * d.weight / whole:.3f}</td>"
            if scored
            else ""
        )
        return f"<tr><th scope=row>{link}</th><td>{d.level:.1f}</td>{before}{counts}</tr>"

    held = "".join(
        f'<p class="cap">Held at {c.at_most:g} (it would have been {c.before:.2f}): {esc(c.why)}</p>'
        for c in card.caps
        if c.target == "round"
    )
    head = "".join(
        f"<th scope=col>{t}</th>"
        for t in ("Dimension", "Level", *(["Before"] * bool(old)), *(["Weight", "Brings"] * scored))
    )
    foot = ""
    if card.score is not None:
        mean = sum(d.level * d.weight for d in card.dimensions if d.level is not None) / whole
        span = 3 + bool(old)
        foot = f"<tfoot><tr><th scope=row colspan={span}>Score</th><td>{mean:.3f}</td></tr></tfoot>"
    bounds = ", ".join(f"from {at:.2f} {label.value}" for at, label in sorted(BOUNDS))
    left_out = [d.name for d in card.dimensions if d.level is None]
    aside = f"Not assessed, and so not counted: {', '.join(left_out)}. " if left_out else ""
    told = (
        f'<p class="small">{esc(aside)}Below {min(BOUNDS)[0]:.2f} is a strong no hire, {bounds}.</p>'
        if scored
        else ""
    )
    title = f"How {card.score:.1f} comes about" if card.score is not None else "What was assessed"
    return (
        f'<table class="plain sum"><caption>{title}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(map(row, card.dimensions))}</tbody>{foot}</table>{held}{told}"
    )


def _short(level: float | None) -> str:
    """A level in a narrow column."""
    if level is None:
        return '<span aria-hidden="true">–</span><span class="sr">not assessed</span>'
    return f"{level:.1f}"


def _next(card: Scorecard) -> str:
    if not card.drills:
        return ""
    names = {d.dimension: d for d in card.dimensions}
    rows = "".join(
        f"<li><b>{esc(d.text)}</b>{_drill_ref(d, names.get(d.dimension))}</li>" for d in card.drills[:3]
    )
    return f'<section class="card next" aria-labelledby="h-next"><h2 id="h-next">Practise next</h2><ol>{rows}</ol></section>'


def _drill_ref(drill: Drill, dimension: DimensionResult | None) -> str:
    name = dimension.name if dimension else drill.dimension
    level = f" {charts.spoken(dimension.level)}" if dimension else ""
    turn = f', <a href="#turn-{drill.turn}">turn {drill.turn}</a>' if drill.turn else ""
    return f"<span>{esc(name)}{esc(level)}{turn}</span>"


def _time(report: Report) -> str:
    segments = [charts.Segment(p.name, p.start_s, p.end_s, p.planned_s) for p in report.phases]
    ticks = [
        charts.Tick(m.at_s, m.kind, m.label, f"#turn-{m.turn}" if m.turn else "#code") for m in report.moments
    ]
    return (
        '<section class="card" aria-labelledby="h-time"><h2 id="h-time">Where the time went</h2>'
        f"{charts.timeline(segments, ticks, report.used_s)}</section>"
    )


def level_bar(level: float | None) -> str:
    """Four boxes filled to the level; decorative, the number stands beside it."""
    cells = "".join(f'<i style="--part:{max(0.0, min(1.0, (level or 0) - k)):.2f}"></i>' for k in range(4))
    return f'<div class="level-bar" aria-hidden="true">{cells}</div>'


def _dimensions(report: Report, card: Scorecard) -> str:
    rows = "".join(_dimension(d, n, card, report) for n, d in enumerate(card.dimensions))
    return f'<section aria-labelledby="h-dims"><h2 id="h-dims">Evidence by dimension</h2>{rows}</section>'


def _dimension(d: DimensionResult, n: int, card: Scorecard, report: Report) -> str:
    points = [c for c in card.checkpoints if c.dimension == d.dimension]
    quotes = "".join(_evidence(found, points) for found in _by_quote(d.evidence))
    caps = "".join(
        f'<p class="cap">Held at {c.at_most:g} (it would have been {c.before:.1f}): {esc(c.why)}</p>'
        for c in d.capped
    )
    why = d.why if d.level is not None else d.why.removeprefix("not assessed: ")
    level = f'<span class="level">{esc(charts.spoken(d.level))}</span>'
    bar = level_bar(d.level)
    if d.level is None:
        level, bar = '<span class="level none">not assessed</span>', ""
    return (
        f'<section class="dimension" aria-labelledby="dim-{n}"><div class="row"><h3 id="dim-{n}" tabindex="-1">{esc(d.name)}</h3>'
        f"{level}</div>{bar}<p>{esc(why[:1].upper() + why[1:])}{'' if why.endswith('.') else '.'}</p>{caps}"
        + (f'<ul class="quotes">{quotes}</ul>' if quotes else "")
        + (_counted(points, report) if d.share is not None else "")
        + _scale(d)
        + "</section>"
    )


def _scale(d: DimensionResult) -> str:
    """What the scale says at the level, and one level up: folded, but for the step that comes next."""
    if not d.anchor:
        return ""
    rows = f"<dt>This level</dt><dd>{esc(d.anchor)}</dd>"
    if d.next_anchor and d.next_anchor != d.anchor:
        rows += f"<dt>One level up</dt><dd>{esc(d.next_anchor)}</dd>"
    return f'<details class="anchors"><summary>What the scale says</summary><dl>{rows}</dl></details>'


def _counted(points: Sequence[CheckpointResult], report: Report) -> str:
    """Every point that counts towards a level, with what it earned: the sum that stands above, line by line."""
    several = len({c.question for c in points}) > 1

    def row(c: CheckpointResult) -> str:
        where = (
            f' <span class="small">{esc(report.questions.get(c.question, c.question))}</span>'
            if several
            else ""
        )
        help_ = f", {words.prompting(c.prompting)}" if c.status is not Status.ABSENT else ""
        earned = "a bonus" if c.kind == "nice" else f"{c.credit * c.weight:.4g} of {c.weight:g}"
        return (
            f'<tr class="check {c.status.value}"><th scope=row>{esc(c.statement)}{where}</th>'
            f"<td><b>{words.STATUSES[c.status]}</b>{esc(help_)}</td><td>{earned}</td></tr>"
        )

    rows = "".join(map(row, sorted(points, key=lambda c: c.kind != "must")))
    return (
        '<details class="counted"><summary>What was counted</summary><table class="plain"><thead><tr><th scope=col>What a full answer says'
        f"</th><th scope=col>Yours</th><th scope=col>Earned</th></tr></thead><tbody>{rows}</tbody></table>"
        f'<p class="small">The musts are all that are no bonus. Level 2 begins at {MID.two:.0%} of what can be earned, level 3 at {MID.three:.0%}, level 4 at {MID.four:.0%} '
        f"and something beyond it. After a probe or the first hint {CREDIT['hint1']:.0%} of a point is left, after the second "
        f"{CREDIT['hint2']:.0%}, after the third {CREDIT['hint3']:.0%}, after that nothing.</p></details>"
    )


def _by_quote(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """The evidence with each quote once: one sentence may show several things."""
    found: dict[tuple[int, int, int, bool], list[Evidence]] = {}
    for e in evidence:
        found.setdefault((e.quote.turn, e.quote.start, e.quote.end, e.positive), []).append(e)
    return list(found.values())


def _evidence(found: Sequence[Evidence], points: Sequence[CheckpointResult]) -> str:
    """A quote with its place, and what it was taken to show."""
    e = found[0]
    kind, sign, word = ("for", "check", "For") if e.positive else ("against", "cross", "Against")
    help_ = "" if e.prompting == "none" else f", {words.prompting(e.prompting)}"
    about = {f.about for f in found}
    shown = "".join(
        f"<small>{esc(words.STATUSES[c.status])}: {esc(clip(c.statement, 150))}</small>"
        for c in points
        if c.checkpoint in about and e.quote in c.quotes
    )
    heard = [HEARD_AS[part] for part in HEARD_AS if part in about]
    shown += "".join(f"<small>{esc(what[:1].upper() + what[1:])}</small>" for what in heard)
    return (
        f'<li class="{kind}"><a href="#turn-{e.quote.turn}">{icon(sign, 16)}<span class="sr">{word}: </span>'
        f'<span><q>{esc(e.quote.text)}</q>{shown}</span><span class="ref">Turn {e.quote.turn}{esc(help_)}</span></a></li>'
    )


def _checkpoints(report: Report, card: Scorecard) -> str:
    if not card.checkpoints:
        return ""
    by_question: dict[str, list[CheckpointResult]] = {}
    for result in card.checkpoints:
        by_question.setdefault(result.question, []).append(result)
    groups = "".join(
        f'<details class="question"{" open" if n == 0 else ""}><summary><span>{esc(report.questions.get(q, q))}</span>'
        f'{_tally(results)}</summary><ul class="checks">{"".join(_checkpoint(c) for c in results)}</ul></details>'
        for n, (q, results) in enumerate(by_question.items())
    )
    return (
        '<section aria-labelledby="h-checks" id="checkpoints"><h2 id="h-checks">What a full answer contains</h2>'
        f"{_worth(card)}{groups}</section>"
    )


def _worth(card: Scorecard) -> str:
    """Said where no level comes from the points: those of a story only guided the questions."""
    if any(d.share is not None for d in card.dimensions) or card.round is not RoundId.BEHAVIORAL:
        return ""
    found = (
        " Without a model they are found by their wording: what counts as missed here may have been said in other words."
        if card.judge.name == "offline"
        else ""
    )
    return f'<p class="small">These points guided the questions; no level comes from them.{found}</p>'


def _tally(results: list[CheckpointResult]) -> str:
    covered = sum(c.status is Status.COVERED for c in results)
    return f'<span class="small">{covered} of {len(results)} covered</span>'


def _checkpoint(c: CheckpointResult) -> str:
    turns = sorted({q.turn for q in c.quotes})
    refs = ", ".join(f'<a href="#turn-{t}">turn {t}</a>' for t in turns)
    how = (
        words.prompting(c.prompting)
        if c.status is not Status.ABSENT
        else ("asked" if c.asked else "not asked about")
    )
    nice = " · a bonus" if c.kind == "nice" else ""
    return (
        f'<li class="check {c.status.value}">{icon(words.STATUS_ICONS[c.status], 18)}<div><b>{words.STATUSES[c.status]}'
        f'</b> <span class="small">{esc(how)}{nice}{" · " + refs if refs else ""}</span><p>{esc(c.statement)}</p>'
        f"{_because(c)}</div></li>"
    )


def _because(c: CheckpointResult) -> str:
    """What the judge heard and why it decided so: whoever was misread can see where."""
    heard = " … ".join(f"<q>{esc(clip(q.text, 200))}</q>" for q in c.quotes)
    reason = f"<span>{esc(c.why[:1].upper() + c.why[1:])}.</span>" if c.why else ""
    return (
        f'<p class="small because">{" ".join(x for x in (heard, reason) if x)}</p>' if heard or reason else ""
    )


def _repeated(found: Sequence[Repeated]) -> str:
    """Before and after, for questions that were answered in an earlier session, too."""
    if not found:
        return ""
    parts = []
    for r in found:
        rows = "".join(
            f"<tr><th scope=row>{esc(statement)}</th><td>{_status(old)}</td><td>{_status(new)}</td></tr>"
            for statement, old, new in r.rows
        )
        before = sum(old is Status.COVERED for _, old, _ in r.rows)
        after = sum(new is Status.COVERED for _, _, new in r.rows)
        parts.append(
            f'<details class="question" open><summary><span>{esc(r.title)}</span><span class="small">{before} covered on '
            f"{esc(words.day(r.at))}, {after} now</span></summary><table class=plain><thead><tr><th scope=col>Point</th>"
            f"<th scope=col>Before</th><th scope=col>Now</th></tr></thead><tbody>{rows}</tbody></table>"
            f'<div class="side-by-side"><blockquote><b class="small">Before</b><p class="said">{esc(r.before)}</p></blockquote>'
            f'<blockquote><b class="small">Now</b><p class="said">{esc(r.now)}</p></blockquote></div></details>'
        )
    return f'<section aria-labelledby="h-repeated"><h2 id="h-repeated">Answered before</h2>{"".join(parts)}</section>'


def _status(status: Status) -> str:
    return f'<span class="check {status.value}"><b>{words.STATUSES[status]}</b></span>'


def _own_view(report: Report) -> str:
    found = gaps(report)
    if not found:
        return ""
    rows = "".join(
        f"<tr><th scope=row>{esc(g.name)}</th><td>{g.own}</td><td>{g.assessed:.1f}</td><td>{_delta(g.delta)}</td></tr>"
        for g in found
    )
    mean = sum(g.delta for g in found) / len(found)
    if abs(mean) < 0.35:
        line = "Your own view is close to the assessment."
    elif mean > 0:
        line = f"You rated yourself {mean:.1f} levels higher on average: the quotes show where."
    else:
        line = f"You rated yourself {-mean:.1f} levels lower on average: you are doing better than you think."
    return (
        f'<section aria-labelledby="h-own"><h2 id="h-own">Your own view</h2><p>{line}</p><table class="plain"><thead><tr>'
        "<th scope=col>Dimension</th><th scope=col>You</th><th scope=col>Assessed</th><th scope=col>Difference</th>"
        f"</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _delta(delta: float) -> str:
    return words.signed(delta)


def _study(card: Scorecard, frame: Frame) -> str:
    if not card.study:
        return ""
    rows = "".join(
        f"<li>{article_link(s.article, s.start, s.end, s.title, s.section, frame)}"
        f'<p class="small">For: {esc(s.about)}</p><blockquote>{rich(excerpt(s.text, s.section, 420))}</blockquote></li>'
        for s in card.study
    )
    return f'<section aria-labelledby="h-study" id="study"><h2 id="h-study">What to read</h2><ol class="study">{rows}</ol></section>'


def article_link(article: str, start: int, end: int, title: str, section: str, frame: Frame) -> str:
    """Title and section of a cited passage, as a link to it where articles can be opened."""
    words_ = f"<b>{esc(title)}</b>" + (f" <span>{esc(section)}</span>" if section else "")
    if not frame.library:
        return words_
    return f'<a href="/library/article/{esc(article)}?from={start}&amp;to={end}#cited">{words_}</a>'


def _code(report: Report) -> str:
    if not report.runs and not any("code" in w for w in report.work.values()):
        return ""
    rows = "".join(_run(r, n, n == len(report.runs)) for n, r in enumerate(report.runs, 1))
    ran = report.runs[-1].source if report.runs else None
    finals = "".join(
        f'<h3>Final code: {esc(report.questions.get(q, q))}</h3><pre tabindex="0"><code>{esc(w["code"])}</code></pre>'
        for q, w in report.work.items()
        if "code" in w and w["code"] != ran
    )
    return f'<section aria-labelledby="h-code" id="code"><h2 id="h-code">Your code as it grew</h2>{rows}{finals}</section>'


def _run(run: Run, number: int, last: bool) -> str:
    kind = "good" if run.total and run.passed == run.total else "bad"
    return (
        f'<details class="question"{" open" if last else ""}><summary><span>Run {number} at {charts.clock(run.at_s)}</span>'
        f'{chip(f"{run.passed} of {run.total} pass", kind)}</summary><pre tabindex="0"><code>{esc(run.source)}</code></pre>'
        f"{_growth(run)}</details>"
    )


def _growth(run: Run) -> str:
    """The measured growth, in words and as a plot beside the class that was asked for; nothing when there is none."""
    raw = run.report.get("growth")
    if not isinstance(raw, dict):
        return ""
    measured = Growth.model_validate(raw)
    if not measured.plausible:
        return f"<p>The growth could not be measured. {esc(measured.note)}</p>"
    found = " or ".join(measured.plausible)
    certain = "" if measured.certain else ", which is not certain"
    asked = f" Asked for: {measured.required}." if measured.required else ""
    told = f"Measured growth: {found}{certain}.{asked} {measured.note}".strip()
    points = [(p.n, p.ms) for p in measured.points]
    wanted = expected_ms(measured) if measured.required else [ms for _, ms in points]
    return f"<p>{esc(told)}</p>{charts.growth(points, wanted, 'Time over the size of the input')}"


def _notes(card: Scorecard) -> str:
    lines = [*card.notes]
    if card.unjudged_turns:
        turns = ", ".join(str(t) for t in card.unjudged_turns)
        lines.append(f"Not judged, and so not counted: turn {turns}.")
    if not lines:
        return ""
    return (
        '<section aria-labelledby="h-notes"><h2 id="h-notes">How this was judged</h2><ul class="notes">'
        + "".join(f"<li>{esc(line)}</li>" for line in lines)
        + "</ul></section>"
    )


def quote_marks(card: Scorecard, turn: Turn) -> list[Mark]:
    """The verified quotes that lie in a candidate's turn, as marks over its text."""
    found: dict[tuple[int, int], Mark] = {}
    for n, dimension in enumerate(card.dimensions):
        for e in dimension.evidence:
            q = e.quote
            if q.turn == turn.turn and turn.text[q.start : q.end] == q.text:
                kind = "for" if e.positive else "against"
                found.setdefault((q.start, q.end), Mark(q.start, q.end, kind, dimension.name, f"#dim-{n}"))
    for check in card.checkpoints:
        for q in check.quotes:
            if q.turn == turn.turn and turn.text[q.start : q.end] == q.text:
                kind = "against" if check.status is Status.WRONG else "for"
                label = f"{words.STATUSES[check.status]}: {clip(check.statement, 90)}"
                found.setdefault((q.start, q.end), Mark(q.start, q.end, kind, label, "#checkpoints"))
    return list(found.values())


def transcript(report: Report, card: Scorecard | None, frame: Frame = Frame()) -> str:
    """Every turn, in a column of its own."""
    rows = "".join(transcript_turn(t, quote_marks(card, t) if card else [], frame) for t in report.turns)
    return (
        '<aside class="transcript" id="transcript" aria-labelledby="h-transcript" tabindex="0"><h2 id="h-transcript">'
        f"Transcript</h2><ol>{rows}</ol></aside>"
    )


def transcript_turn(turn: Turn, marks: list[Mark], frame: Frame = Frame()) -> str:
    """One turn. The interviewer's words are Markdown, the candidate's are shown exactly as they were sent."""
    you = turn.speaker == "candidate"
    body = (
        f'<p class="said" dir="auto">{verbatim(turn.text, marks)}</p>'
        if you
        else f'<div class="said">{rich(turn.text)}</div>'
    )
    did = f'<span class="did">{esc(turn.did)}</span>' if turn.did else ""
    cut = '<span class="did">stopped</span>' if turn.stopped else ""
    cites = "".join(
        f'<p class="cite">{icon("book", 14)}{article_link(c.article, c.start, c.end, c.title, c.section, frame)}</p>'
        for c in turn.citations
    )
    return (
        f'<li id="turn-{turn.turn}" class="{"you" if you else "them"}" tabindex="-1"><div class="meta"><b>'
        f"{'You' if you else 'Interviewer'}</b><span>Turn {turn.turn}</span><span>{charts.clock(turn.at_s)}</span>"
        f"{did}{cut}</div>{body}{cites}</li>"
    )
