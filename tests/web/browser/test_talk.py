"""The conversation (behaviours 8 to 17)."""

# ruff: noqa: E501  (lines of JavaScript)

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.browser.conftest import Windows, post, ready, say, session_of, until
from tests.web.harness import Site, free_port, process, serving

Begin = Callable[..., str]
LONG = "\n\n".join(
    f"Paragraph {n} of a long thought, so that there is something to scroll." for n in range(40)
)


BELOW = "e => e.scrollHeight - e.clientHeight - e.scrollTop"
"""How many pixels of the conversation are below what one sees."""


def test_08_streaming_does_not_move_a_reader(windows: Windows, site: Site, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    site.interviewer.says = [LONG, LONG + "\n\nWhat then?"]
    say(page, "Tell me something long.")
    box = page.locator("#chat .bubble-wrap")
    expect(page.locator("#chat .bot.message").last).to_contain_text("Paragraph 39")
    until(page, lambda: box.evaluate(BELOW) < 60, "the newest words are in view")
    site.interviewer.hold_after = 60
    page.fill("#answer", "And more.")
    page.press("#answer", "Enter")
    expect(page.locator("#chat .bot.message").last).to_contain_text("Paragraph 3")
    until(page, lambda: box.evaluate(BELOW) < 60, "new words are followed")
    box.hover()
    page.mouse.wheel(0, -900)
    jump = page.locator("#jump")
    expect(jump).to_be_visible()
    until(page, lambda: box.evaluate(BELOW) > 500, "the reader has scrolled up")
    place = box.evaluate("e => e.scrollTop")
    site.interviewer.hold_after = None
    expect(page.locator("#chat .bot.message").last).to_contain_text("What then?")
    assert abs(box.evaluate("e => e.scrollTop") - place) < 2, "the reader stays where they scrolled to"
    jump.click()
    expect(jump).to_be_hidden()
    until(page, lambda: box.evaluate(BELOW) < 60, "the newest words are in view again")


def test_09_one_can_write_while_the_interviewer_speaks(windows: Windows, site: Site, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    site.interviewer.hold_after = 3
    page.fill("#answer", "Bias is systematic error.")
    page.press("#answer", "Enter")
    expect(page.locator("[data-act=stop]")).to_be_visible()
    expect(page.locator("#answer")).to_have_value("")
    page.locator("#answer").press_sequentially("My next thought")
    page.press("#answer", "Enter")
    expect(page.locator("#composer-note")).to_contain_text("still speaking")
    site.interviewer.hold_after = None
    ready(page, 3)
    expect(page.locator("#answer")).to_have_value("My next thought")


def test_10_stop_keeps_what_was_said(windows: Windows, site: Site, begin: Begin) -> None:
    """The interviewer would be silent for ever: stopping does not wait for it."""
    page = windows.open(begin())
    ready(page)
    site.interviewer.says, site.interviewer.hold_after = [LONG], 20
    page.fill("#answer", "Go on.")
    page.press("#answer", "Enter")
    last = page.locator("#chat .bot.message").last
    expect(last).to_contain_text("Paragraph 1")
    took = page.evaluate(
        """() => new Promise(done => { const begun = performance.now(); document.querySelector('[data-act=stop]').click();
        const look = () => [...document.querySelectorAll('#chat .bot.message')].at(-1).textContent.includes('(stopped)')
            ? done(performance.now() - begun) : setTimeout(look, 5); look() })"""
    )
    print(f"stopped after {took:.0f} ms")
    expect(last).to_contain_text("Paragraph 0")
    expect(last).not_to_contain_text("Paragraph 39")
    expect(page.locator(".composer-send")).to_be_visible()


def test_11_a_reload_in_mid_reply_goes_on_and_doubles_nothing(
    windows: Windows, site: Site, begin: Begin
) -> None:
    address = begin()
    page = windows.open(address)
    ready(page)
    site.interviewer.says, site.interviewer.hold_after = ["One two three four five six seven eight."], 2
    page.fill("#answer", "Count, please.")
    page.press("#answer", "Enter")
    last = page.locator("#chat .bot.message").last
    expect(last).to_have_text("One two")
    page.reload()
    expect(last).to_have_text("One two")
    expect(page.locator("[data-act=stop]")).to_be_visible()
    site.interviewer.hold_after = None
    ready(page, 3)
    expect(page.locator("#chat .user.message")).to_have_count(1)
    expect(last).to_have_text("One two three four five six seven eight.")
    assert len(site.services.sessions.state(session_of(address), "").utterances) == 3


def test_12_two_windows_show_the_same(windows: Windows, site: Site, begin: Begin) -> None:
    address = begin()
    first = windows.open(address)
    second = windows.open(address)
    ready(first)
    ready(second)
    site.interviewer.says, site.interviewer.hold_after = ["One two three four."], 2
    first.fill("#answer", "Bias is systematic error.")
    first.press("#answer", "Enter")
    for page in (first, second):
        expect(page.locator("#chat .bot.message").last).to_have_text("One two")
    site.interviewer.hold_after = None
    for page in (first, second):
        expect(page.locator("#chat .bot.message").last).to_have_text("One two three four.")
        ready(page, 3)
    say(second, "Variance is sensitivity to the sample.")
    ready(first, 5)
    expect(first.locator("#chat .user.message")).to_have_count(2)
    words = [p.locator("#chat .message-wrap").inner_text() for p in (first, second)]
    assert words[0] == words[1]


AWAY = ("Failed to load resource", "ERR_")
"""What a browser itself reports when nobody answers."""


def test_13_a_restart_loses_neither_draft_nor_transcript(chromium: Browser, tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as site:
        windows = Windows(chromium, site.url)
        windows.forgive = AWAY
        page = windows.open(post(site, "/sessions", round="phone_screen", length="short"))
        ready(page)
        say(page, "Bias is systematic error.")
        page.locator("#answer").press_sequentially("Half an answer")
        expect(page.locator("#composer-note")).to_have_text("Draft kept")
        page.evaluate("window.samePage = true")
    expect(page.locator("#offline")).to_contain_text("your draft is kept")
    with serving(tmp_path, port):
        expect(page.locator("#offline")).to_have_count(0)
        say(page, "Variance is sensitivity to the sample.")
        expect(page.locator("#chat .user.message")).to_have_count(2)
        assert page.evaluate("window.samePage"), "the page did not even reload"
        page.fill("#answer", "Half an answer")
        expect(page.locator("#composer-note")).to_have_text("Draft kept")
        page.reload()
        ready(page, 5)
        expect(page.locator("#answer")).to_have_value("Half an answer")
        windows.close()


def test_13_a_kill_loses_nothing_that_was_acknowledged(chromium: Browser, tmp_path: Path) -> None:
    """The product itself, killed in mid-reply: the answer is there, the reply comes, what was typed since is there."""
    port = free_port()
    with process(tmp_path, port) as (server, url):
        windows = Windows(chromium, url)
        windows.forgive = AWAY
        page = windows.open("/")
        page.get_by_role("radio", name="Coding B").check()
        page.get_by_role("button", name="Start the round").click()
        ready(page)
        page.locator("#code .cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type("kept = 42")
        expect(page.locator("#code-note")).to_have_text("Saved")
        page.fill("#answer", "I begin with the empty case.")
        with page.expect_response("**/say") as answered:
            page.press("#answer", "Enter")
        assert answered.value.ok
        server.kill()  # at once: the reply has hardly begun
        server.wait()
        page.fill("#answer", "")
        page.locator("#answer").press_sequentially("Half an answer")
        page.locator("#code .cm-content").click()
        page.keyboard.type("  # typed while nobody listened")
        expect(page.locator("#offline")).to_contain_text("this page comes back by itself")
    with process(tmp_path, port):
        expect(page.locator("#offline")).to_have_count(0)
        ready(page, 3)
        expect(page.locator("#chat .user.message")).to_have_text(["I begin with the empty case."])
        expect(page.locator("#chat .bot.message")).to_have_count(2)
        expect(page.locator("#answer")).to_have_value("Half an answer")
        expect(page.locator("#code-note")).to_have_text("Saved")
        page.reload()
        ready(page, 3)
        expect(page.locator("#answer")).to_have_value("Half an answer")
        expect(page.locator("#code .cm-content")).to_contain_text("typed while nobody listened")
        windows.close()


def test_14_double_enter_sends_once(windows: Windows, site: Site, begin: Begin) -> None:
    address = begin()
    page = windows.open(address)
    ready(page)
    page.fill("#answer", "Bias is systematic error.")
    page.evaluate(
        """() => { const box = document.querySelector('#answer');
        for (let k = 0; k < 3; k++) box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true})) }"""
    )
    ready(page, 3)
    expect(page.locator("#chat .user.message")).to_have_count(1)
    state = site.services.sessions.state(session_of(address), "")
    assert [u.speaker for u in state.utterances].count("candidate") == 1


def test_15_code_formulas_money_and_generics_are_shown(windows: Windows, site: Site, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    site.interviewer.says = [
        "It costs $5 and then $10. A `List<int>` or List<str> is fine. Cost \\(O(n)\\).\n\n```python\ndef f(x):\n    return x\n```"
    ]
    say(page, "Show me everything: **bold**, `code`, and Map<int, str>.")
    last = page.locator("#chat .bot.message").last
    expect(last).to_contain_text("$5 and then $10")
    expect(last).to_contain_text("List<int>")
    expect(last).to_contain_text("List<str>")
    expect(last.locator(".katex").first).to_be_visible()
    expect(last.locator("pre")).to_contain_text("def f(x):")
    expect(page.locator("#chat .user.message").last).to_contain_text("Map<int, str>")


def test_15_what_is_said_cannot_act(windows: Windows, site: Site, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    windows.forgive = ("Content Security Policy", "violates the following", "404")
    site.interviewer.says = [
        '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>![a](https://evil.example/a.png)'
        '<form action="https://evil.example"><input name=p><button type=submit>Go</button></form>'
        '<div style="position:fixed;inset:0;background:red">cover</div><a href="javascript:window.hacked=1">link</a>'
        "${window.hacked=1} {{window.hacked=1}}"
    ]
    say(page, '<img src=x onerror="window.hacked=1"><svg onload="window.hacked=1">')
    expect(page.locator("#chat .bot.message").last).to_contain_text("cover")
    expect(page.locator("#chat .user.message").last).to_contain_text("onerror")
    until(page, lambda: windows.blocked, "the policy has stopped the picture")
    assert page.evaluate("window.hacked") is None
    box = page.locator("#chat").bounding_box()
    button = page.locator("[data-act=finish]")
    assert box is not None
    button.click(trial=True)
    reached = page.evaluate(
        "() => { const b = document.querySelector('[data-act=finish]').getBoundingClientRect(); return document.elementFromPoint(b.x + 5, b.y + 5).dataset.act }"
    )
    assert reached == "finish", "nothing covers the page"
    assert windows.blocked == ["https://evil.example/a.png"], (
        "the policy stops what the sanitiser lets through"
    )


def test_16_a_failure_is_one_calm_sentence_and_can_be_tried_again(
    windows: Windows, site: Site, begin: Begin
) -> None:
    page = windows.open(begin())
    ready(page)
    site.interviewer.fail = True
    page.fill("#answer", "Bias is systematic error.")
    page.press("#answer", "Enter")
    line = page.locator(".notice-line")
    expect(line).to_contain_text("Your answer is saved")
    assert "secret-internal" not in page.content()
    site.interviewer.fail = False
    page.get_by_role("button", name="Try again").click()
    ready(page, 3)
    expect(page.locator("#chat .user.message")).to_have_count(1)
    expect(line).to_have_count(0)


def test_17_an_expired_sign_in_keeps_the_draft_and_leads_back(chromium: Browser, tmp_path: Path) -> None:
    from argon2 import PasswordHasher

    users = tmp_path / "users"
    users.write_text(f"ana:{PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash('secret')}\n")
    with serving(tmp_path, auth="passwords", users=str(users)) as site:
        windows = Windows(chromium, site.url)
        windows.forgive = ("401", "Failed to load resource")
        page = windows.open("/")
        expect(page).to_have_url(re.compile("/sign-in"))
        page.fill("[name=name]", "ana")
        page.fill("[name=password]", "secret")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Start the round").click()
        ready(page)
        address = page.url
        page.context.clear_cookies()
        page.fill("#answer", "A long answer that must not be lost")
        page.press("#answer", "Enter")
        banner = page.locator("#signed-out")
        expect(banner).to_contain_text("Your draft is kept")
        banner.get_by_role("link").click()
        page.fill("[name=name]", "ana")
        page.fill("[name=password]", "secret")
        page.get_by_role("button", name="Sign in").click()
        ready(page)
        expect(page).to_have_url(address)
        expect(page.locator("#answer")).to_have_value("A long answer that must not be lost")
        windows.close()


@pytest.mark.parametrize("act", ["pause"])
def test_pause_stops_the_clock_and_coming_back_goes_on(windows: Windows, begin: Begin, act: str) -> None:
    address = begin()
    page = windows.open(address)
    ready(page)
    page.locator(f"[data-act={act}]").click()
    expect(page.locator(".notice-line")).to_contain_text("Paused")
    left = float(page.get_attribute("#bar-data", "data-left") or 0)
    shown = f"{round(left) // 60}:{round(left) % 60:02d}"
    expect(page.locator(".clock .t")).to_have_text(shown)
    page.wait_for_timeout(1500)
    expect(page.locator(".clock .t")).to_have_text(shown)
    page.reload()
    ready(page)
    expect(page.locator(".clock .t")).to_have_text(shown)
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-act=pause]")).to_be_visible()


def _seen(page: Page, yes: bool) -> None:
    """Show or hide a window as a browser does for its tabs: without a screen, Chromium believes that all are looked at.
    The connections, of which it opens six to a server, are real."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden }); "
        "document.dispatchEvent(new Event('visibilitychange')); }",
        not yes,
    )


def test_windows_that_nobody_sees_take_no_connection_and_catch_up_when_shown(
    windows: Windows, site: Site, begin: Begin
) -> None:
    address, context = begin(), windows.context()
    pages = []
    for _ in range(8):  # with a stream each, the seventh would never open
        page = windows.open(address, context)
        ready(page)
        pages.append(page)
        _seen(page, False)
    first, last = pages[0], pages[-1]
    _seen(last, True)
    site.interviewer.says = ["One two three four five six seven."]
    site.interviewer.hold_after = 4
    last.fill("#answer", "It is systematic error.")
    last.press("#answer", "Enter")
    newest = [page.locator("#chat .bot.message").last for page in (first, last)]
    expect(newest[1]).to_contain_text("One two three four")
    _seen(first, True)
    expect(newest[0]).to_contain_text("One two three four")  # in the middle of the sentence
    _seen(first, False)
    site.interviewer.hold_after = None
    ready(last, 3)
    say(last, "And variance is spread.")
    assert "seven" not in newest[0].inner_text(), "a window that nobody sees is told nothing"
    _seen(first, True)
    ready(first, 5)
    texts = [page.locator("#chat .message").all_inner_texts() for page in (first, last)]
    assert texts[0] == texts[1]
    assert any("One two three four five six seven." in text for text in texts[0])
    say(first, "I could write here, too.")
