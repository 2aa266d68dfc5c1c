"""Reports of a run: one self-contained HTML file that opens from disk, and junit.xml. No remote assets, no scripts.

Everything that was said is escaped: candidates, models and articles are data here too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from xml.sax.saxutils import quoteattr

from eval.compare import Difference
from eval.intervals import pass_all
from eval.metrics import METRICS
from eval.overall import OVERALL
from eval.runs import Run
from eval.summary import number
from eval.values import Call, CaseResult, Said, Suite

SHEET = Path(__file__).with_name("report.css")
MOST_TRANSCRIPTS = 300
"""Cases that are shown with their transcript, those that failed first; all are in cases.jsonl."""
NUMBERS = frozenset(
    ["got", "n", "mean", "before", "after", "cells", "turn", "in", "out", "USD", "seconds", "attempts"]
) | {"below 1", "95 % interval"}
"""Heads of columns that are right-aligned."""
MOST_ROWS = 30
"""Rows of a table of changes."""


def write(
    folder: Path, suite: Suite, run: Run, cases: Sequence[CaseResult], against: Difference | None = None
) -> None:
    """Write `report.html` and `junit.xml` into the run's folder."""
    (folder / "report.html").write_text(html(suite, run, cases, against), encoding="utf-8")
    (folder / "junit.xml").write_text(junit(run, cases), encoding="utf-8")


def html(suite: Suite, run: Run, cases: Sequence[CaseResult], against: Difference | None = None) -> str:
    """The report as one HTML text. `against`: the difference from the run that it is held against."""
    order = {"error": 0, "fail": 1, "pass": 2}
    shown = sorted(cases, key=lambda c: (order[c.outcome], not c.doubts, c.id))
    parts = (
        f"<h1>{escape(suite.title)}</h1><p class=soft>{escape(suite.about)}</p>",
        _verdict(run, cases),
        _facts(run, cases),
        "<nav><a href='#gates'>Gates</a><a href='#changes'>Changes</a><a href='#metrics'>Metrics</a>"
        "<a href='#rounds'>Rounds</a><a href='#made-of'>Made of</a></nav>",
        _gates(run),
        _changes(against),
        _metrics(run),
        _rounds(shown),
        _made_of(run),
    )
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{escape(suite.title)}</title><style>{SHEET.read_text(encoding='utf-8')}</style>"
        f"<main>{''.join(parts)}</main></html>"
    )


# ------------------------------------------------------------------------------------------- the summary


def _verdict(run: Run, cases: Sequence[CaseResult]) -> str:
    if run.verdict == 0:
        return "<div class=verdict><strong class=good>All gates pass.</strong></div>"
    whys = "".join(f"<li>{escape(why)}</li>" for why in run.why)
    failed = sum(c.outcome != "pass" for c in cases)
    where = f"<p><a href='#rounds'>{failed} of {len(cases)} rounds</a> did not pass." if failed else ""
    return f"<div class='verdict no'><strong class=bad>Not passed</strong> (exit code {run.verdict})<ul>{whys}</ul>{where}</div>"


def _facts(run: Run, cases: Sequence[CaseResult]) -> str:
    rows = [("mode", run.mode), ("rounds", f"{run.cases}"), ("errors", f"{run.errors}")]
    rows.append(("doubtful candidates", f"{run.doubted}"))
    if run.calls:
        rows += [("model calls", f"{run.calls:,}"), ("tokens", f"{run.tokens:,}"), ("USD", f"{run.usd:.4f}")]
    if run.candidate_usd:
        rows.append(("USD for candidates", f"{run.candidate_usd:.4f}"))
    if (again := pass_all(cases)) is not None:
        rows.append((f"passed all {again[1]} repeats", f"{again[0]:.0%}"))
    rows.append(("seconds", f"{run.seconds:.1f}"))
    cells = "".join(f"<div><dt>{escape(what)}<dd>{escape(value)}</div>" for what, value in rows)
    return f"<dl class=facts>{cells}</dl>"


def _gates(run: Run) -> str:
    rows = sorted(run.gates, key=lambda g: g.passed)
    body = "".join(
        f"<tr{'' if g.passed else ' class=no'}><td><span class='tag{'' if g.passed else ' no'}'>"
        f"{'pass' if g.passed else 'fail'}</span><td>{escape(g.metric)}<td>{escape(g.bound)}"
        f"<td class=n>{number(g.value)}<td class=n>{g.n}"
        for g in rows
    )
    return _section(
        "gates",
        "Gates",
        _table(("", "metric", "wants", "got", "n"), body) if rows else "<p>This suite has none.",
    )


def _metrics(run: Run) -> str:
    body = "".join(
        f"<tr><td>{escape(name)}<td class=soft>{escape(_meaning(name))}<td class=n>{number(mean)}<td class=n>{n}<td class=n>{low or ''}"
        for name, (mean, n, low) in run.means.items()
    )
    return _section("metrics", "Metrics", _table(("metric", "what it says", "mean", "n", "below 1"), body))


def _meaning(metric: str) -> str:
    """The first sentence of what the metric's function says of itself."""
    doc = (METRICS.get(metric) or OVERALL.get(metric) or _meaning).__doc__ or ""
    return " ".join(doc.split()).partition(". ")[0].rstrip(".")


def _changes(found: Difference | None) -> str:
    if found is None:
        body = "<p class=soft>This run was not compared: there is no accepted run of this suite and mode, or only a part was played."
    elif not found.changed and not found.costs:
        body = "<p class=good>No case got worse, and nothing else changed." + _inputs(found)
    else:
        body = "".join(_change_tables(found)) + _inputs(found)
    return _section("changes", "Against the accepted run", body)


def _change_tables(found: Difference) -> Iterator[str]:
    flips = [("worse", i) for i in found.worse] + [("missing", i) for i in found.missing]
    flips += [("better", i) for i in found.better]
    flips += [("new", i) for i in found.added]
    if not (found.worse or found.missing):
        yield "<p class=good>No case got worse."
    if flips:
        rows = "".join(
            f"<tr{' class=no' if how in ('worse', 'missing') else ''}><td>{how}<td>{_link(case)}"
            for how, case in flips[:MOST_ROWS]
        )
        yield "<h3>Cases</h3>" + _table(("", "case"), rows) + _more(len(flips))
    if found.means:
        rows = "".join(
            f"<tr><td>{escape(m)}<td class=n>{number(a)}<td class=n>{number(b)}" for m, a, b in found.means
        )
        yield "<h3>Means</h3>" + _table(("metric", "before", "after"), rows)
    if found.paired:
        rows = "".join(
            f"<tr><td>{escape(name)}<td class=n>{p.mean:+.3f}<td class=n>{p.low:+.3f} to {p.high:+.3f}<td class=n>{p.cells}"
            f"<td>{'clear' if p.clear else 'may be chance'}"
            for name, p in found.paired
        )
        heads = ("paired difference", "mean", "95 % interval", "cells", "")
        yield "<h3>Differences on the same cases</h3>" + _table(heads, rows)
    if found.scores:
        rows = "".join(
            f"<tr><td>{_link(case)}<td class=n>{_score(a)}<td class=n>{_score(b)}"
            for case, a, b in found.scores[:MOST_ROWS]
        )
        yield "<h3>Scores</h3>" + _table(("case", "before", "after"), rows) + _more(len(found.scores))
    if found.costs:
        rows = "".join(
            f"<tr><td>{escape(w)}<td class=n>{a:,.4g}<td class=n>{b:,.4g}" for w, a, b in found.costs
        )
        yield "<h3>What a round takes</h3>" + _table(("", "before", "after"), rows)


def _inputs(found: Difference) -> str:
    if not found.inputs:
        return ""
    rows = "".join(
        f"<tr><td>{escape(k)}<td><code>{escape(a[:40])}</code><td><code>{escape(b[:40])}</code>"
        for k, a, b in found.inputs
    )
    return "<h3>Made of other things</h3>" + _table(("", "before", "after"), rows)


def _made_of(run: Run) -> str:
    rows = "".join(
        f"<tr><td>{escape(k)}<td><code>{escape(str(v))}</code>" for k, v in sorted(run.stamp.items())
    )
    return _section("made-of", "What this run was made of", _table(("", ""), rows))


# -------------------------------------------------------------------------------------------- the rounds


def _rounds(cases: Sequence[CaseResult]) -> str:
    wrong = [c for c in cases if c.outcome != "pass"]
    right = [c for c in cases if c.outcome == "pass"]
    parts = [f"<p class=good>All {len(right)} rounds pass." if not wrong else ""]
    parts += [_case(c, shown=n < 1) for n, c in enumerate(wrong[:MOST_TRANSCRIPTS])]
    room = max(0, MOST_TRANSCRIPTS - len(wrong))
    for name in dict.fromkeys(c.spec.round.value for c in right):
        group = [c for c in right if c.spec.round.value == name]
        inside = "".join(_case(c) for c in group[:room])
        room = max(0, room - len(group))
        if inside:
            label = name.replace("_", " ")
            parts.append(
                f"<details class=group><summary>{label}: {len(group)} rounds pass</summary>{inside}</details>"
            )
    if len(cases) > MOST_TRANSCRIPTS:
        parts.append(f"<p class=soft>The first {MOST_TRANSCRIPTS} of {len(cases)}; all are in cases.jsonl.")
    return _section("rounds", "Rounds", "".join(parts))


def _case(case: CaseResult, *, shown: bool = False) -> str:
    facts = [
        _score(case.score),
        case.label,
        f"{case.turns} turns",
        f"{case.calls} calls" if case.calls else "",
    ]
    doubt = " <span class='tag doubt'>doubtful candidate</span>" if case.doubts else ""
    head = (
        f"<span class='tag {case.outcome}'>{case.outcome}</span> <b>{escape(_name(case))}</b>{doubt} "
        f"<span class=soft>{escape(' · '.join(f for f in facts if f))}</span>"
    )
    wrong = [m for m in case.measures if m.value == 0]
    turns = {int(n) for m in wrong for why in m.why for n in _TURN.findall(why)}
    parts = [f"<p class=soft><code>{escape(case.id)}</code>"]
    parts += [f"<p class=problem><b>{escape(m.metric)}</b>: {_linked(case, '; '.join(m.why))}" for m in wrong]
    parts += [f"<p class=doubts>Doubt about the candidate: {escape(d)}" for d in case.doubts]
    parts += [f"<pre class=problem>{escape(case.error)}</pre>"] if case.error else []
    parts += [*_turns(case, turns), _calls(case.model_calls)]
    state = " open" if shown else ""
    return (
        f"<details class=case id='{_anchor(case.id)}'{state}><summary>{head}</summary>"
        f"<div class=inside>{''.join(parts)}</div></details>"
    )


_TURN = re.compile(r"\bturn (\d+)\b")


def _linked(case: CaseResult, why: str) -> str:
    """A reason, with each turn that it names as a link to it."""
    return _TURN.sub(rf"<a href='#{_anchor(case.id)}-\1'>turn \1</a>", escape(why))


def _name(case: CaseResult) -> str:
    spec = case.spec
    more = [spec.mode.value, f"seed {spec.seed}" if spec.seed != 1 else "", spec.fault]
    return f"{spec.persona}, {spec.round.value.replace('_', ' ')} ({', '.join(x for x in more if x)})"


def _turns(case: CaseResult, wrong: set[int]) -> Iterator[str]:
    question = ""
    for line in case.transcript:
        if line.question and line.question != question:
            yield f"<p class=question>Question <b>{escape(line.question)}</b>"
        question = line.question
        yield _turn(line, f"{_anchor(case.id)}-{line.turn}", line.turn in wrong)


def _turn(line: Said, anchor: str, wrong: bool) -> str:
    who = line.speaker if line.speaker in ("candidate", "interviewer") else ""
    clock = f"{int(line.at_s // 60)}:{int(line.at_s % 60):02d}"
    facts = [f"{line.turn}", clock, line.did, "" if line.source in ("", "authored") else line.source]
    facts += [f"cites {where}" for where in line.cites]
    return (
        f"<div class='turn {who}{' wrong' if wrong else ''}' id='{anchor}'><p class=who><b>{escape(line.speaker.capitalize())}</b> "
        f"{escape(' · '.join(f for f in facts if f))}<p class=said>{marked(line)}</div>"
    )


def marked(line: Said) -> str:
    """The text, escaped, with the spans that became evidence marked."""
    out, at = [], 0
    for start, end in sorted(line.quotes):
        if start < at:
            continue
        out += [
            escape(line.text[at:start]),
            f"<mark title='became evidence'>{escape(line.text[start:end])}</mark>",
        ]
        at = end
    return "".join(out) + escape(line.text[at:])


def _calls(calls: Sequence[Call]) -> str:
    if not calls:
        return ""
    rows = "".join(
        f"<tr><td class=n>{c.turn or 'end'}<td>{escape(c.prompt)}<td><code>{escape(c.prompt_hash[:10])}</code><td>{escape(c.model)}"
        f"<td class=n>{c.input_tokens:,}<td class=n>{c.output_tokens:,}<td class=n>{'-' if c.usd is None else f'{c.usd:.5f}'}"
        f"<td class=n>{c.latency_s:.2f}<td class=n>{c.attempts}<td>{escape(c.finish)}"
        for c in calls
    )
    heads = ("turn", "prompt", "hash", "model", "in", "out", "USD", "seconds", "attempts", "end")
    tokens = sum(c.input_tokens + c.output_tokens for c in calls)
    label = f"{len(calls)} model calls, {tokens:,} tokens, {sum(c.usd or 0 for c in calls):.4f} USD"
    return f"<details class=group><summary>{label}</summary>{_table(heads, rows)}</details>"


# ------------------------------------------------------------------------------------------------ pieces


def _section(name: str, title: str, body: str) -> str:
    return f"<section id={name}><h2>{escape(title)}</h2>{body}</section>"


def _table(heads: Sequence[str], body: str) -> str:
    row = "".join(f"<th scope=col{' class=n' if h in NUMBERS else ''}>{escape(h)}" for h in heads)
    head = f"<thead><tr>{row}</thead>" if any(heads) else ""
    return f"<div class=wide tabindex=0><table>{head}<tbody>{body}</table></div>"


def _more(n: int) -> str:
    return (
        f"<p class=soft>The first {MOST_ROWS} of {n}; `diff` and cases.jsonl have all."
        if n > MOST_ROWS
        else ""
    )


def _score(value: float | None) -> str:
    return "no score" if value is None else f"{value:.2f}"


def _anchor(case: str) -> str:
    return escape("case-" + "".join(c if c.isalnum() else "-" for c in case))


def _link(case: str) -> str:
    return f"<a href='#{_anchor(case)}'>{escape(case)}</a>"


def junit(run: Run, cases: Sequence[CaseResult]) -> str:
    """The run as JUnit XML: failures and errors apart."""
    rows = []
    for case in cases:
        inner = ""
        if case.outcome == "fail":
            text = "; ".join(f"{m.metric}: {', '.join(m.why)}" for m in case.measures if m.value == 0)
            inner = f"<failure message={quoteattr(_xml(text))}/>"
        elif case.outcome == "error":
            inner = f"<error message={quoteattr(_xml(case.error[-500:]))}/>"
        rows.append(
            f"<testcase classname={quoteattr(case.spec.suite)} name={quoteattr(case.id)}>{inner}</testcase>"
        )
    failures = sum(c.outcome == "fail" for c in cases)
    head = f'<testsuite name={quoteattr(run.suite)} tests="{len(cases)}" failures="{failures}" errors="{run.errors}">'
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head}{"".join(rows)}</testsuite>\n'


def _xml(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\n\t")
