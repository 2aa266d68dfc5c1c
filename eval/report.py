"""Reports of a run: one self-contained HTML file that opens from disk, and junit.xml. No remote assets, no scripts.

Everything that was said is escaped: candidates, models and articles are data here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from xml.sax.saxutils import quoteattr

from eval.runner import Run
from eval.values import CaseResult, Measure, Said, Suite

MOST_TRANSCRIPTS = 200

_STYLE = """
:root{--paper:#f7f6f2;--ink:#17191b;--soft:#5d625f;--line:#dcd9d0;--good:#2f6b4f;--bad:#9c3526;--mark:#e4efe7;--card:#fff}
@media (prefers-color-scheme:dark){:root{--paper:#131517;--ink:#e8e6e1;--soft:#a5a9a6;--line:#2d3134;--good:#7db898;--bad:#e79383;
--mark:#22382d;--card:#1a1d20}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.6 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}h1,h2{font-family:Georgia,serif;line-height:1.25;margin:1.6rem 0 .6rem}
table{border-collapse:collapse;width:100%;font-size:14px}td,th{text-align:left;padding:.35rem .5rem;border-bottom:1px solid var(--line);
vertical-align:top}.wide{overflow-x:auto}.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}.soft{color:var(--soft)}
details{background:var(--card);border:1px solid var(--line);border-radius:10px;margin:.5rem 0;padding:.2rem .8rem}
summary{cursor:pointer;padding:.4rem 0;overflow-wrap:anywhere}.turn{border-top:1px solid var(--line);padding:.5rem 0;overflow-wrap:anywhere;
white-space:pre-wrap}mark{background:var(--mark);color:inherit;border-radius:3px}code{font-size:13px}
"""


def write(folder: Path, suite: Suite, run: Run, cases: Sequence[CaseResult]) -> None:
    """Write `report.html` and `junit.xml` into the run's folder."""
    (folder / "report.html").write_text(html(suite, run, cases), encoding="utf-8")
    (folder / "junit.xml").write_text(junit(run, cases), encoding="utf-8")


def html(suite: Suite, run: Run, cases: Sequence[CaseResult]) -> str:
    """The report as one HTML text."""
    order = {"error": 0, "fail": 1, "pass": 2}
    shown = sorted(cases, key=lambda c: (order[c.outcome], c.id))
    verdict = "All gates pass" if run.verdict == 0 else f"Not passed (exit code {run.verdict})"
    tone = "good" if run.verdict == 0 else "bad"
    facts = ", ".join(f"{k} {v}" for k, v in run.stamp.items())
    whys = "".join(f"<li>{escape(why)}</li>" for why in run.why)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{escape(suite.title)}</title><style>{_STYLE}</style><main>"
        f"<h1>{escape(suite.title)}</h1><p>{escape(suite.about)}</p>"
        f"<p class={tone}>{escape(verdict)}.</p><ul>{whys}</ul>"
        f"<p>{run.cases} rounds, {run.errors} errors, {run.doubted} doubtful candidates, {run.seconds:.1f} s, {escape(run.mode)} mode.</p>"
        f"{_gates(run)}{_metrics(run)}<h2>Rounds</h2>{_more(shown)}"
        f"{''.join(_case(c) for c in shown[:MOST_TRANSCRIPTS])}"
        f"<p class=soft>{escape(facts)}</p></main></html>"
    )


def _gates(run: Run) -> str:
    rows = "".join(
        f"<tr><td>{escape(g.metric)}<td>{escape(g.bound)}<td>{_number(g.value)}<td>{g.n}"
        f"<td class={'good' if g.passed else 'bad'}>{'pass' if g.passed else 'FAIL'}</tr>"
        for g in run.gates
    )
    return f"<h2>Gates</h2><div class=wide><table><tr><th>metric<th>wants<th>got<th>n<th></tr>{rows}</table></div>"


def _metrics(run: Run) -> str:
    rows = "".join(
        f"<tr><td>{escape(name)}<td>{_number(mean)}<td>{n}<td>{failed}</tr>"
        for name, (mean, n, failed) in run.means.items()
    )
    return f"<h2>Metrics</h2><div class=wide><table><tr><th>metric<th>mean<th>n<th>below 1</tr>{rows}</table></div>"


def _number(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"


def _more(cases: Sequence[CaseResult]) -> str:
    hidden = len(cases) - MOST_TRANSCRIPTS
    return (
        f"<p class=soft>The first {MOST_TRANSCRIPTS} of {len(cases)}; all are in cases.jsonl.</p>"
        if hidden > 0
        else ""
    )


def _case(case: CaseResult) -> str:
    tone = "good" if case.outcome == "pass" else "bad"
    score = "no score" if case.score is None else f"{case.score:.2f}"
    head = (
        f"<span class={tone}>{case.outcome}</span> {escape(case.id)} "
        f"<span class=soft>{score} {escape(case.label)}, {case.turns} turns, {case.calls} calls</span>"
    )
    problems = "".join(_problem(m) for m in case.measures if m.value == 0)
    error = f"<pre class=bad>{escape(case.error)}</pre>" if case.error else ""
    problems += "".join(f"<p class=soft>Doubt about the candidate: {escape(d)}</p>" for d in case.doubts)
    turns = "".join(_turn(line) for line in case.transcript)
    return f"<details><summary>{head}</summary>{problems}{error}{turns}</details>"


def _problem(measure: Measure) -> str:
    return f"<p class=bad>{escape(measure.metric)}: {escape('; '.join(measure.why))}</p>"


def _turn(line: Said) -> str:
    minutes = f"{int(line.at_s // 60)}:{int(line.at_s % 60):02d}"
    what = f"{line.speaker} {line.turn}, {minutes}" + (f", {line.did}" if line.did else "")
    source = f", {line.source}" if line.source not in ("", "authored") else ""
    return f"<div class=turn><span class=soft>{escape(what + source)}</span>\n{marked(line)}</div>"


def marked(line: Said) -> str:
    """The escaped text with the spans that became evidence marked."""
    out, at = [], 0
    for start, end in _joined(line.quotes):
        out += [escape(line.text[at:start]), "<mark>", escape(line.text[start:end]), "</mark>"]
        at = end
    return "".join([*out, escape(line.text[at:])])


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


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
