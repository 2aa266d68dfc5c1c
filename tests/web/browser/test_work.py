"""Workspace, time and hints (behaviours 18 to 28)."""

# ruff: noqa: E501  (lines of JavaScript)

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.domain.base import RoundId
from tests.web.browser.conftest import Windows, ready, say, session_of, until
from tests.web.harness import Site

Begin = Callable[..., str]
TEXT = "document.querySelector('#code .cm-content').cmTile.view.state.doc.toString()"
CARET = "document.querySelector('#code .cm-content').cmTile.view.state.selection.main.head"


@pytest.fixture
def coding(windows: Windows, begin: Begin) -> Page:
    page = windows.open(begin(round="coding_a"))
    ready(page)
    page.locator("#code .cm-content").wait_for()
    page.wait_for_function(f"{TEXT}.length > 0")
    return page


def saved(site: Site, page: Page, what: str, question: str = "") -> str:
    """What the server holds of a pane."""
    state = site.services.sessions.state(session_of(page.url), "")
    return state.work.get((what, question or state.question), "")  # type: ignore[call-overload]


def write(page: Page, text: str) -> None:
    """Replace what the editor holds, key by key where lines break."""
    page.locator("#code .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    for n, line in enumerate(text.split("\n")):
        if n:
            page.keyboard.press("Enter")
        page.keyboard.type(line)


@pytest.mark.parametrize(
    ("round", "tabs"),
    [
        ("phone_screen", ["Notes"]),
        ("behavioral", ["Notes"]),
        ("ml_system_design", ["Diagram", "Notes"]),
        ("coding_b", ["Code", "Notes"]),
    ],
)
def test_the_workspace_is_that_of_the_round(
    windows: Windows, begin: Begin, round: str, tabs: list[str]
) -> None:
    page = windows.open(begin(round=round))
    ready(page)
    panes = {"Code": "#code", "Diagram": "#diagram", "Notes": "#notes"}
    expect(page.locator(panes[tabs[0]])).to_be_visible()
    for name in panes.keys() - tabs:
        expect(page.locator(panes[name])).to_be_hidden()
        expect(page.get_by_role("tab", name=name)).to_have_count(0)
    if tabs == ["Notes"]:
        expect(page.get_by_role("button", name="Run tests")).to_have_count(0)


def test_18_python_indentation(coding: Page) -> None:
    write(coding, "def f(x):\nif x:\nreturn 1")
    assert coding.evaluate(TEXT) == "def f(x):\n    if x:\n        return 1"
    coding.keyboard.press("Enter")
    coding.keyboard.type("a")
    assert coding.evaluate(TEXT).endswith("\n    a"), "after return one level back"
    coding.keyboard.press("Backspace")
    coding.keyboard.press("Backspace")
    assert coding.evaluate(TEXT).endswith("return 1\n"), "Backspace takes a whole level"
    coding.keyboard.press("Tab")
    coding.keyboard.press("Tab")
    assert coding.evaluate(TEXT).endswith("\n        ")
    coding.keyboard.press("Shift+Tab")
    assert coding.evaluate(TEXT).endswith("return 1\n    ")


def test_18_the_value_is_kept_byte_for_byte(coding: Page, site: Site) -> None:
    write(coding, "\n  x = 1\n\n")
    question = coding.get_attribute("#bar-data", "data-question") or ""
    text = coding.evaluate(TEXT)
    until(coding, lambda: saved(site, coding, "code", question) == text, "the code is saved")
    assert text.startswith("\n")
    assert text != text.rstrip()


def test_19_20_ctrl_enter_runs_and_the_result_says_what_failed(coding: Page) -> None:
    write(coding, "def wrong():\nreturn 1")
    caret = coding.evaluate(CARET)
    coding.keyboard.press("Control+Enter")
    out = coding.locator("#run-out")
    expect(out.locator(".run")).to_be_visible()
    assert coding.evaluate(CARET) == caret
    assert coding.evaluate(TEXT) == "def wrong():\n    return 1", "no line was added"
    head = out.locator(".run-head")
    expect(head).to_contain_text("ms")


def test_20_expected_and_got_and_own_line_numbers(coding: Page, site: Site) -> None:
    question = site.services.bank.question(coding.get_attribute("#bar-data", "data-question") or "")
    assert question.problem is not None
    entry = question.problem.entry
    kind = "class" if question.problem.kind == "class_ops" else "def"
    body = (
        f"class {entry}:\n    def __init__(self, *a):\n        raise ValueError('mine')\n"
        if kind == "class"
        else f"def {entry}(*args, **more):\n    value = 1\n    raise ValueError('mine')\n"
    )
    coding.evaluate(
        "t => { const v = document.querySelector('#code .cm-content').cmTile.view; v.dispatch({changes: {from: 0, to: v.state.doc.length, insert: t}, userEvent: 'input'}) }",
        body,
    )
    coding.locator("#run").click()
    out = coding.locator("#run-out .run")
    expect(out).to_be_visible()
    expect(out).to_contain_text("ValueError")
    expect(out).to_contain_text("line 3")
    expect(out.locator(".run-head")).to_contain_text("of")


def test_21_an_endless_loop_ends_and_the_page_stays_alive(coding: Page, site: Site) -> None:
    question = site.services.bank.question(coding.get_attribute("#bar-data", "data-question") or "")
    assert question.problem is not None
    coding.evaluate(
        "t => { const v = document.querySelector('#code .cm-content').cmTile.view; v.dispatch({changes: {from: 0, to: v.state.doc.length, insert: t}, userEvent: 'input'}) }",
        "while True:\n    pass\n",
    )
    coding.locator("#run").click()
    coding.fill("#answer", "Still here")
    expect(coding.locator("#answer")).to_have_value("Still here")
    expect(coding.locator("#run-out")).to_contain_text("imed out")


def test_22_code_and_notes_are_there_after_a_reload(coding: Page) -> None:
    write(coding, "def kept():\nreturn 42")
    coding.get_by_role("tab", name="Notes").click()
    coding.fill("#notes", "remember the empty case")
    coding.reload()  # at once: what is not saved yet is sent when the page goes
    ready(coding)
    coding.wait_for_function(
        f"document.querySelector('#code .cm-content')?.cmTile?.view && {TEXT}.includes('kept')"
    )
    coding.get_by_role("tab", name="Notes").click()
    expect(coding.locator("#notes")).to_have_value("remember the empty case")


def test_23_escape_then_tab_leaves_the_editor(coding: Page) -> None:
    expect(coding.get_by_text("leaves the editor")).to_be_visible()
    coding.locator("#code .cm-content").click()
    coding.keyboard.press("Tab")
    assert coding.evaluate("document.activeElement.closest('#code') !== null")
    coding.keyboard.press("Escape")
    coding.keyboard.press("Tab")
    coding.wait_for_function("document.activeElement.closest('#code .cm-content') === null")


def test_24_a_diagram_is_drawn_from_the_text_that_the_interviewer_reads(
    windows: Windows, site: Site, begin: Begin
) -> None:
    if not site.services.bank.of_round(RoundId.ML_SYSTEM_DESIGN):
        pytest.skip("the bank has no system-design question yet")
    page = windows.open(begin(round="ml_system_design"))
    ready(page)
    page.get_by_role("tab", name="Diagram").click()
    page.locator("#diagram").press_sequentially("client -> api -> ranker\napi -> feature store")
    expect(page.locator("#diagram-facts")).to_have_text("2 lines, 3 arrows")
    expect(page.locator("#diagram-picture svg").first).to_be_visible()
    expect(page.locator("#diagram-picture")).to_contain_text("feature store")
    text = "client -> api -> ranker\napi -> feature store"
    until(page, lambda: saved(site, page, "diagram") == text, "the diagram is saved as the text that it is")


def test_25_the_newest_code_is_saved_before_the_message_is_sent(coding: Page, site: Site) -> None:
    write(coding, "def newest():\nreturn 7")
    coding.fill("#answer", "Have a look at my code.")
    coding.press("#answer", "Enter")
    ready(coding, 3)
    log = [e.body.type for e in site.services.sessions.events(session_of(coding.url), "")]
    state = site.services.sessions.state(session_of(coding.url), "")
    assert "newest" in state.code(state.question)
    assert log.index("work_saved") < log.index("candidate_spoke")


def test_26_the_clock_is_the_servers(windows: Windows, site: Site, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    state = site.services.sessions.state(session_of(page.url), "")

    def shown() -> float:
        minutes, seconds = page.inner_text(".clock .t").split(":")
        return int(minutes) * 60 + int(seconds)

    for _ in range(2):
        begun = site.services.sessions.now()
        page.reload()
        ready(page)
        late = (
            site.services.sessions.now() - begun
        ).total_seconds()  # the stamp is at most so old when it arrives
        before = state.remaining_s(site.services.sessions.now())
        there = shown()
        after = state.remaining_s(site.services.sessions.now())
        assert after - 1 <= there <= before + 1 + late
    page.wait_for_function(
        "n => document.querySelector('.clock .t').textContent !== n", arg=page.inner_text(".clock .t")
    )


@pytest.mark.parametrize(
    ("left", "cls", "words"),
    [(299.5, "soon", "5 minutes left"), (59.5, "soon", "1 minute left"), (-1, "over", "Time is up")],
)
def test_26_it_warns_by_colour_and_in_words_and_cuts_nobody_off(
    windows: Windows, begin: Begin, left: float, cls: str, words: str
) -> None:
    page = windows.open(begin())
    ready(page)
    page.evaluate(
        "l => { const d = document.querySelector('#bar-data').dataset; d.left = String(l); d.stamp = 'test' }",
        left,
    )
    expect(page.locator(f".clock.{cls}")).to_be_visible()
    expect(page.locator("#clock-live")).to_contain_text(words)
    expect(page.locator("#answer")).to_be_enabled()


def test_27_hints_are_counted_before_they_are_used(windows: Windows, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    hint = page.locator("[data-act=hint]")
    expect(hint).to_contain_text("5 left")
    hint.click()
    ready(page, 3)
    expect(hint).to_contain_text("4 left")
    expect(page.locator("#chat .bot.message").last).to_contain_text("Hint 1 of 5")


def test_28_finish_asks_once_and_opens_the_review(windows: Windows, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    say(page, "Bias is systematic error, variance is sensitivity to the sample.")
    page.fill("#answer", "not sent")
    page.locator("[data-act=finish]").click()
    dialog = page.locator("#finish-dialog")
    expect(dialog).to_contain_text("Everything you said and wrote is saved")
    expect(dialog).to_contain_text("has not been sent")
    dialog.get_by_role("button", name="Go on with the round").click()
    expect(dialog).to_be_hidden()
    page.fill("#answer", "")
    page.locator("[data-act=finish]").click()
    expect(page.locator("#finish-draft")).to_be_hidden()
    dialog.get_by_role("button", name="Finish and see the review").click()
    page.wait_for_url("**/review?s=*")
    expect(page.locator("h1")).to_have_text("How did it go?")
    page.get_by_role("button", name="Skip this").click()
    expect(page.locator("#verdict")).to_be_visible()


def test_own_cases_are_run_and_compared_with_the_prediction(coding: Page, site: Site) -> None:
    coding.get_by_text("Your own cases").click()
    coding.fill("#tests", "1, 2 -> 3\nnonsense(((")
    coding.locator("#run").click()
    out = coding.locator("#run-out .run")
    expect(out).to_be_visible()
    expect(out).to_contain_text("1, 2")
    until(coding, lambda: saved(site, coding, "tests").startswith("1, 2 -> 3"), "the own cases are saved")
