"""A report as a file: JSON (the published format), Markdown, self-contained HTML.

A PDF is the HTML printed: its sheet is made for paper (see docs/dependencies.md for why no PDF library). Does not
know where the file goes.
"""

from __future__ import annotations

import json
from pathlib import Path

from bot.domain.judgement import Status
from bot.domain.scorecard import Scorecard
from bot.review import charts, words
from bot.review.markup import esc
from bot.review.report import Report
from bot.scoring.beside import beside
from bot.scoring.feedback import sums
from bot.scoring.story import HEARD_AS

KINDS = ("json", "md", "html")
SHEET = Path(__file__).resolve().parent / "report.css"


def write(report: Report, kind: str) -> tuple[str, str]:
    """The text of the file and its media type. `kind` is one of `KINDS`."""
    match kind:
        case "json":
            return report.model_dump_json(indent=1) + "\n", "application/json"
        case "md":
            return markdown(report), "text/markdown; charset=utf-8"
        case _:
            return html(report), "text/html; charset=utf-8"


def schema() -> str:
    """The published JSON schema of the JSON export."""
    found = Report.model_json_schema(mode="serialization")
    found["title"] = "A session of Rehearsal"
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


# --------------------------------------------------------------------------------------------- Markdown


def markdown(report: Report) -> str:
    """The session as Markdown: verdict, evidence, checkpoints, what to read, transcript."""
    card = report.scorecard
    parts = [f"# {report.title}", "", _facts(report), ""]
    if card is not None:
        parts += _card_lines(card, report)
    parts += ["## Transcript", ""]
    for turn in report.turns:
        who = "You" if turn.speaker == "candidate" else "Interviewer"
        did = f", {turn.did}" if turn.did else ""
        parts += [f"**{turn.turn}. {who}** ({charts.clock(turn.at_s)}{did})", "", _quoted(turn.text), ""]
    for question, work in report.work.items():
        for what, text in work.items():
            parts += [
                f"## {what.capitalize()}: {report.questions.get(question, question)}",
                "",
                _fenced(text),
                "",
            ]
    return "\n".join(parts).rstrip() + "\n"


def _facts(report: Report) -> str:
    date = f"{report.created:%Y-%m-%d}" if report.created else ""
    facts = [report.round.label, report.level.value, report.mode.value, date]
    facts.append(f"{charts.clock(report.used_s)} of {report.minutes:g} min")
    return " · ".join(f for f in facts if f)


def _card_lines(card: Scorecard, report: Report) -> list[str]:
    number = f", {card.score:.1f} of 4" if card.score is not None else ""
    lines = [f"## {card.label.value.capitalize()}{number}", "", card.verdict, ""]
    lines += [*sums(card), ""] if card.score is not None else []
    lines += [
        f"Judged by {card.judge.name} ({card.judge.version}) with rubric {card.rubric} version {card.rubric_version}.",
        "",
    ]
    if card.drills:
        lines += ["## Practise next", ""]
        lines += [
            f"{n}. {d.text}" + (f" (turn {d.turn})" if d.turn else "") for n, d in enumerate(card.drills, 1)
        ]
        lines.append("")
    lines += ["## Evidence by dimension", ""]
    for d in card.dimensions:
        lines += [f"### {d.name}: {charts.spoken(d.level)}", "", d.why, ""]
        for e in d.evidence:
            help_ = "" if e.prompting == "none" else f", {words.prompting(e.prompting)}"
            help_ += f", {HEARD_AS[e.about]}" if e.about in HEARD_AS else ""
            lines.append(
                f"- {'+' if e.positive else '−'} “{' '.join(e.quote.text.split())}” (turn {e.quote.turn}{help_})"
            )
        lines += [""] if d.evidence else []
        if d.anchor:
            up = f"One level up: {d.next_anchor}" if d.level != 4 else "There is no level above this one."
            lines += [f"This level: {d.anchor}", "", up, ""]
    lines += ["## What a full answer contains", ""]
    statuses = {
        Status.COVERED: "covered",
        Status.PARTIAL: "partly",
        Status.WRONG: "said wrongly",
        Status.ABSENT: "missed",
    }
    for question in dict.fromkeys(c.question for c in card.checkpoints):
        lines += [f"### {report.questions.get(question, question)}", ""]
        for c in (c for c in card.checkpoints if c.question == question):
            help_ = "" if c.prompting == "none" else f", {words.prompting(c.prompting)}"
            must = f"{c.kind}, weight {c.weight:g}, credit {c.credit:g}{help_}"
            lines.append(f"- **{statuses[c.status]}** {c.statement} ({must})")
            lines += [f"  - “{' '.join(q.text.split())}” (turn {q.turn})" for q in c.quotes]
            lines += [f"  - {c.why}"] if c.why else []
        lines.append("")
    notes = [*card.notes]
    if card.unjudged_turns:
        notes.append(f"Not judged, and so not counted: turn {', '.join(map(str, card.unjudged_turns))}.")
    if notes:
        lines += ["## How this was judged", "", *(f"- {note}" for note in notes), ""]
    if len(report.assessments) > 1:
        lines += ["## All assessments of this session", "", *_table(report), ""]
    if card.study:
        lines += ["## What to read", ""]
        lines += [f"- {s.title}{f', {s.section}' if s.section else ''}: {s.about}" for s in card.study]
        lines.append("")
    return lines


def _table(report: Report) -> list[str]:
    """The assessments side by side, oldest first."""
    rows = beside([(f"{a.assessment}, {a.at:%Y-%m-%d %H:%M}", a.scorecard) for a in report.assessments])
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return [lines[0], "|" + "---|" * len(rows[0]), *lines[1:]]


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _fenced(text: str) -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"


# ------------------------------------------------------------------------------------------------- HTML


def html(report: Report) -> str:
    """One file that needs nothing else: no script, no font, no picture from anywhere."""
    from bot.review.html import review, transcript

    sheet = SHEET.read_text(encoding="utf-8")
    if report.scorecard is not None:
        body = review(report)
    else:
        body = f'<h1>{esc(report.title)}</h1><div class="columns only">{transcript(report, None)}</div>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, '
        f'initial-scale=1"><title>{esc(report.title)} · Rehearsal</title><style>{sheet}</style></head>'
        f'<body class="page"><main>{body}</main></body></html>'
    )
