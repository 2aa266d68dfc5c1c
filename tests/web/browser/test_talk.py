"""The conversation (behaviours 8 to 17)."""

# ruff: noqa: E501  (lines of JavaScript)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browser.conftest import Windows, post, ready, say, session_of
from tests.web.harness import Site, free_port, serving

Begin = Callable[..., str]
LONG = "\n\n".join(
    f"Paragraph {n} of a long thought, so that there is something to scroll." for n in range(40)
)


def test_08_streaming_does_not_move_a_reader(windows: Windows, site: Site, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    site.interviewer.says = [LONG, LONG + "\n\nWhat then?"]
    say(page, "Tell me something long.")
    box = page.locator("#chat .bubble-wrap")
    assert box.evaluate("e => e.scrollHeight - e.clientHeight - e.scrollTop") < 60, "new words are in view"
    site.interviewer.pause_s = 0.01
    page.fill("#answer", "And more.")
    page.press("#answer", "Enter")
    page.wait_for_selector("[data-act=stop]:visible")
    box.hover()
    page.mouse.wheel(0, -900)
    page.wait_for_timeout(300)
    place = box.evaluate("e => e.scrollTop")
    page.wait_for_timeout(700)
    assert abs(box.evaluate("e => e.scrollTop") - place) < 2, "the reader stays where they scrolled to"
    jump = page.locator("#jump")
    expect(jump).to_be_visible()
    jump.click()
    expect(jump).to_be_hidden()
    assert box.evaluate("e => e.scrollHeight - e.clientHeight - e.scrollTop") < 60


def test_09_one_can_write_while_the_interviewer_speaks(windows: Windows, site: Site, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    site.interviewer.pause_s = 0.04
    page.fill("#answer", "Bias is systematic error.")
    page.press("#answer", "Enter")
    page.wait_for_selector("[data-act=stop]:visible")
    expect(page.locator("#answer")).to_have_value("")
    page.locator("#answer").press_sequentially("My next thought")
    page.press("#answer", "Enter")
    expect(page.locator("#composer-note")).to_contain_text("still speaking")
    ready(page, 3)
    expect(page.locator("#answer")).to_have_value("My next thought")


def test_10_stop_keeps_what_was_said(windows: Windows, site: Site, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    site.interviewer.says, site.interviewer.pause_s = [LONG], 0.05
    page.fill("#answer", "Go on.")
    page.press("#answer", "Enter")
    expect(page.locator("#chat .bot.message").last).to_contain_text("Paragraph 0")
    page.locator("[data-act=stop]").click()
    last = page.locator("#chat .bot.message").last
    expect(last).to_contain_text("(stopped)", timeout=2_000)
    expect(last).to_contain_text("Paragraph 0")
    assert "Paragraph 39" not in last.inner_text()
    expect(page.locator(".composer-send")).to_be_visible()


def test_11_a_reload_in_mid_reply_goes_on_and_doubles_nothing(
    windows: Windows, site: Site, begin: Begin
) -> None:
    address = begin()
    page = windows.open(address)
    ready(page)
    site.interviewer.says, site.interviewer.pause_s = (
        ["One two three four five six seven eight nine ten."],
        0.12,
    )
    page.fill("#answer", "Count, please.")
    page.press("#answer", "Enter")
    expect(page.locator("#chat .bot.message").last).to_contain_text("One two")
    page.reload()
    ready(page, 3)
    expect(page.locator("#chat .user.message")).to_have_count(1)
    expect(page.locator("#chat .bot.message").last).to_have_text(
        "One two three four five six seven eight nine ten."
    )
    assert len(site.services.sessions.state(session_of(address), "").utterances) == 3


def test_12_two_windows_show_the_same(windows: Windows, site: Site, begin: Begin) -> None:
    address = begin()
    first = windows.open(address)
    second = windows.open(address)
    ready(first)
    ready(second)
    site.interviewer.pause_s = 0.03
    say(first, "Bias is systematic error.")
    ready(second, 3)
    words = [p.locator("#chat .message-wrap").inner_text() for p in (first, second)]
    assert words[0] == words[1]
    say(second, "Variance is sensitivity to the sample.")
    ready(first, 5)
    assert first.locator("#chat .user.message").count() == 2


def test_13_a_restart_loses_neither_draft_nor_transcript(chromium: Browser, tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as site:
        windows = Windows(chromium, site.url)
        windows.forgive = (
            "Failed to load resource",
            "Connection",
            "fetch",
            "AbortError",
            "ERR_",
            "Unexpected error",
            "network error",
        )
        address = post(site, "/sessions", round="phone_screen", length="short")
        page = windows.open(address)
        ready(page)
        say(page, "Bias is systematic error.")
        page.locator("#answer").press_sequentially("Half an answer")
        page.wait_for_timeout(500)
    with serving(tmp_path, port):
        ready(page, 3)
        page.wait_for_function(
            "document.querySelector('#answer')?.value === 'Half an answer'", timeout=30_000
        )
        expect(page.locator("#chat .user.message").first).to_contain_text(
            "Bias is systematic error.", timeout=30_000
        )
        page.wait_for_function("document.querySelectorAll('#chat .bot.message').length >= 2", timeout=30_000)
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
    page.wait_for_timeout(300)
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
    page.wait_for_timeout(500)
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
        assert "/sign-in" in page.url
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
        assert page.url == address
        expect(page.locator("#answer")).to_have_value("A long answer that must not be lost")
        windows.close()


@pytest.mark.parametrize("act", ["pause"])
def test_pause_stops_the_clock_and_coming_back_goes_on(windows: Windows, begin: Begin, act: str) -> None:
    address = begin()
    page = windows.open(address)
    ready(page)
    page.locator(f"[data-act={act}]").click()
    expect(page.locator(".notice-line")).to_contain_text("Paused")
    shown = page.inner_text(".clock .t")
    page.wait_for_timeout(1500)
    page.reload()
    ready(page)
    assert page.inner_text(".clock .t") == shown
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-act=pause]")).to_be_visible()
