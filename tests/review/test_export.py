"""Exports: the published schema holds, the files need nothing else, and the JSON comes back as a session."""

from __future__ import annotations

import html
import json
import re

import pytest

from bot.domain.session import fold
from bot.errors import InputRefused
from bot.resources import prompts_dir
from bot.review import export, importing
from bot.review.report import Report
from tests.review.conftest import Held

SCHEMA = prompts_dir() / "schema" / "session-report.schema.json"


def test_the_published_schema_is_the_models() -> None:
    assert SCHEMA.read_text() == export.schema(), (
        "Write it anew: python -c 'from bot.review.export import schema; print(schema(), end=\"\")' > "
        + SCHEMA.name
    )


def test_the_json_export_fits_the_schema_and_is_whole(held: Held) -> None:
    text, media = export.write(held.report, "json")
    assert media == "application/json"
    assert Report.model_validate_json(text) == held.report
    required = json.loads(SCHEMA.read_text())["required"]
    assert set(required) <= set(json.loads(text))


def test_markdown_says_verdict_evidence_and_transcript(held: Held) -> None:
    text, _ = export.write(held.report, "md")
    card = held.report.scorecard
    assert card is not None
    assert card.verdict in text
    assert "## Practise next" in text
    for turn in held.report.turns:
        assert f"**{turn.turn}. " in text


def test_every_verdict_is_shown_with_the_words_that_were_heard_and_the_reason(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    markdown, _ = export.write(held.report, "md")
    page = html.unescape(export.write(held.report, "html")[0]).lower()
    assert any(c.quotes for c in card.checkpoints)
    for check in card.checkpoints:
        assert check.why, "a verdict without a reason"
        assert check.why in markdown
        assert check.why.lower() in page
        for said in check.quotes:
            assert f"“{' '.join(said.text.split())}” (turn {said.turn})" in markdown


def test_html_needs_nothing_else(held: Held) -> None:
    text, _ = export.write(held.report, "html")
    assert "<script" not in text
    assert not re.findall(r"""(?:src|href|action)=["'](?!#)""", text), "no address but anchors"
    assert "url(" not in text
    assert "@media print" in text


def test_an_export_comes_back_as_a_session_of_ones_own(held: Held) -> None:
    events = importing.read_export(export.write(held.report, "json")[0].encode())
    session = importing.bring_back(held.log, events, "bo")
    state = fold(held.log.read(session))
    assert state.owner == "bo"
    assert state.scorecard == held.state.scorecard
    assert [u.text for u in state.utterances] == [u.text for u in held.state.utterances]
    row = next(r for r in held.log.sessions("bo") if r.id == session)
    assert (row.status, row.score) == ("ended", held.state.scorecard.score if held.state.scorecard else None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.update(format="other/9"), "not an export"),
        (lambda d: d.update(events=[]), "no log"),
        (lambda d: d["events"].pop(3), "not complete"),
        (lambda d: d["events"][0].update(body={"type": "paused"}), "not complete"),
        (lambda d: d["events"][4]["body"].update(nonsense=1), "not an export"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_in_words(held: Held, change, says: str) -> None:  # type: ignore[no-untyped-def]
    data = json.loads(export.write(held.report, "json")[0])
    change(data)
    with pytest.raises(InputRefused, match=says):
        importing.read_export(json.dumps(data).encode())


def test_an_invented_quote_is_refused(held: Held) -> None:
    text = export.write(held.report, "json")[0]
    data = json.loads(text)
    scored = next(e for e in data["events"] if e["body"]["type"] == "scored")
    evidence = next(d for d in scored["body"]["scorecard"]["dimensions"] if d["evidence"])["evidence"][0]
    evidence["quote"]["text"] = "x" * len(evidence["quote"]["text"])
    with pytest.raises(InputRefused, match="quote"):
        importing.read_export(json.dumps(data).encode())


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe\x00", b"[1]", b"null"])
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        importing.read_export(raw)


def test_markdown_shows_how_each_number_came_about_down_to_the_anchors(held: Held) -> None:
    card = held.report.scorecard
    assert card is not None
    assert card.score is not None
    again = held.report.assessments[-1].model_copy(update={"assessment": "a2"})
    text = export.markdown(held.report.model_copy(update={"assessments": (*held.report.assessments, again)}))
    assert f"= {card.score:.2f}." in text
    for d in card.dimensions:
        assert d.why in text
        assert d.level is None or f"This level: {d.anchor}" in text
        assert d.level in (None, 4) or f"One level up: {d.next_anchor}" in text
    assert all(f"weight {c.weight:g}, credit {c.credit:g}" in text for c in card.checkpoints)
    assert all(f"- {note}" in text for note in card.notes)
    assert f"| Score | {card.score:.2f} ({card.low:.1f} to {card.high:.1f}) | {card.score:.2f}" in text
