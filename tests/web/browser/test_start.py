"""Start and flow (behaviours 1 to 6)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.web.browser.conftest import Windows, ready, say

Begin = Callable[..., str]
PRIMARY = ".button.primary:visible, .composer-send:visible"


def test_01_two_clicks_to_the_first_question(windows: Windows) -> None:
    """With every choice left as it is, one click is enough; how long it takes is printed (`-rP`)."""
    page = windows.open("/")
    begun = time.monotonic()
    page.get_by_role("button", name="Start the round").click()
    expect(page.locator("#chat .bot.message").first).to_contain_text("Maya")
    print(f"first question after {time.monotonic() - begun:.1f} s")
    expect(page).to_have_url(re.compile(r"/session/\?s="))


def test_02_an_open_session_comes_first_with_continue(windows: Windows, begin: Begin) -> None:
    address = begin()
    page = windows.open(address)
    ready(page)
    page.goto(windows.url)
    first = page.locator("#content .button").first
    expect(first).to_have_text("Continue")
    first.click()
    page.wait_for_url("**" + address)


@pytest.mark.parametrize("path", ["/", "/progress", "/library", "/library/own", "/settings", "/drill"])
def test_03_one_primary_button_on_every_page(windows: Windows, path: str) -> None:
    expect(windows.open(path).locator(PRIMARY)).to_have_count(1)


def test_03_one_primary_button_in_session_and_review(windows: Windows, begin: Begin, demo: str) -> None:
    page = windows.open(begin())
    ready(page)
    expect(page.locator(PRIMARY)).to_have_count(1)
    expect(windows.open(demo).locator(PRIMARY)).to_have_count(1)


@pytest.mark.parametrize("mode", ["practice", "real"])
def test_04_the_mode_is_visible_and_fixed(windows: Windows, begin: Begin, mode: str) -> None:
    page = windows.open(begin(mode=mode))
    ready(page)
    expect(page.locator(".mode")).to_have_text(mode.capitalize())
    expect(page.locator("#main select, #main input[type=radio]")).to_have_count(0)
    expect(page.locator("[data-act=hint]")).to_have_count(1 if mode == "practice" else 0)


def test_05_without_a_model_a_calm_line_says_what_works(windows: Windows) -> None:
    page = windows.open("/")
    expect(page.get_by_text("Everything works without one")).to_be_visible()
    page.get_by_role("link", name="Connect a model").click()
    page.get_by_role("button", name="Test the connection").click()
    expect(page.locator(".notice")).to_contain_text("No model is set")


def test_06_the_list_of_rounds_shows_where_one_is(windows: Windows, begin: Begin) -> None:
    page = windows.open(begin())
    ready(page)
    here = page.locator(".round-list > li[aria-current=step]")
    expect(here).to_contain_text("In progress")
    expect(here).to_contain_text("15 min")
    expect(here.locator(".steps li.now")).to_have_count(1)
    first = here.locator(".steps li.now").inner_text()
    say(page, "Can we skip this question?")
    expect(here.locator(".steps li.done").first).to_have_text(first)
    expect(page.locator(".bar .eyebrow")).to_contain_text(re.compile(r"Question 2 of \d"))
