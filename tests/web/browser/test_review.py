"""The review (behaviours 29 to 37)."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from playwright.sync_api import Browser, Page, expect

from bot.resources import prompts_dir
from tests.web.browser.conftest import Windows, post, ready, review_of, say, session_of
from tests.web.harness import Site, serving

Begin = Callable[..., str]


@pytest.fixture
def review(windows: Windows, demo: str) -> Page:
    return windows.open(demo)


def test_29_the_first_line_is_a_verdict_and_a_number(review: Page) -> None:
    expect(review.locator("h1")).to_have_text(re.compile(r"^[A-Z][a-z ]+, [1-4]\.\d of 4$"))


def test_30_every_level_has_a_quote_that_is_in_the_turn(review: Page) -> None:
    for dimension in review.locator(".dimension").all():
        if "not assessed" in dimension.inner_text():
            continue
        quotes = dimension.locator(".quotes a").all()
        assert quotes
        for quote in quotes:
            turn = review.locator(str(quote.get_attribute("href")))
            assert (quote.locator("q").text_content() or "") in (turn.locator(".said").text_content() or "")


def test_31_a_quote_leads_to_its_turn_and_the_address_can_be_shared(review: Page, windows: Windows) -> None:
    link = review.locator(".quotes a").last
    target = str(link.get_attribute("href"))
    link.click()
    turn = review.locator(target)
    expect(turn).to_have_class(re.compile("hit"))
    expect(turn).to_be_focused()
    expect(turn).to_be_in_viewport()
    expect(review).to_have_url(re.compile(re.escape(target) + "$"))
    shared = windows.open(review.url.removeprefix(windows.url))
    expect(shared.locator(target)).to_have_class(re.compile("hit"))
    expect(shared.locator(target)).to_be_in_viewport()


def test_32_evidence_against_is_told_apart_without_colour(review: Page) -> None:
    against = review.locator(".quotes .against a").first
    assert "Against:" in (against.text_content() or "")
    assert against.evaluate("e => getComputedStyle(e).borderLeftStyle") == "dashed"
    good = review.locator(".quotes .for a").first
    assert good.evaluate("e => getComputedStyle(e).borderLeftStyle") == "solid"
    paths = [e.locator("svg path").first.get_attribute("d") for e in (against, good)]
    assert paths[0] != paths[1]


def test_33_exactly_three_next_steps(review: Page) -> None:
    steps = review.locator(".next li")
    expect(steps).to_have_count(3)
    for step in steps.all():
        assert step.locator("b").inner_text()
        assert step.locator("span").inner_text()
        expect(step.locator("a[href^='#turn-']")).to_have_count(1)


def test_34_the_radar_has_a_text_that_says_the_same(review: Page) -> None:
    spoken = review.locator(".radar").get_attribute("aria-label") or ""
    for row in review.locator(".sum tbody tr").all():
        name, value = (
            text.split("\n")[-1].strip("–") for text in row.locator("th, td").all_inner_texts()[:2]
        )
        assert f"{name} {value}" in spoken


def test_34_the_last_session_of_the_kind_is_drawn_beside(windows: Windows, begin: Begin) -> None:
    for _ in range(2):  # the same answer to the same question: what was assessed then is assessed now
        page = windows.open(begin(question="ps-bias-variance"))
        ready(page)
        say(page, "Bias is systematic error, variance is sensitivity to the sample.")
        review_of(page)
    expect(page.locator(".legend")).to_contain_text("Your last phone screen")
    expect(page.locator(".before").first).to_be_visible()
    now, before = page.locator(".sum tbody tr").first.locator("td").all_inner_texts()[:2]
    assert now == before
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_35_the_time_line_is_reached_by_keyboard(review: Page) -> None:
    tick = review.locator(".tick").first
    tick.focus()
    expect(tick).to_be_focused()
    expect(tick.locator("b")).to_have_css("opacity", "1")
    review.keyboard.press("Enter")
    expect(review.locator(str(tick.get_attribute("href")))).to_be_focused()
    assert review.locator(".segs .seg").count() >= 4


def test_36_exports(review: Page, site: Site) -> None:
    session = session_of(review.url)
    with urllib.request.urlopen(f"{site.url}/api/sessions/{session}/export.json") as reply:
        data = json.load(reply)
    schema = json.loads((prompts_dir() / "schema" / "session-report.schema.json").read_text())
    Draft202012Validator(schema).validate(data)
    for name in ("Markdown", "HTML"):
        with review.expect_download() as got:
            review.get_by_role("link", name=name).click()
        assert Path(got.value.path()).stat().st_size > 2_000


def test_36_on_paper_there_is_no_navigation_and_no_cut_card(review: Page, tmp_path: Path) -> None:
    review.emulate_media(media="print")
    expect(review.locator(".top")).to_be_hidden()
    expect(review.locator(".exports")).to_be_hidden()
    expect(review.locator(".again")).to_be_hidden()
    expect(
        review.locator(".counted table").first
    ).to_be_visible()  # what is folded on the screen is open on paper
    kept = review.evaluate(
        "[...document.querySelectorAll('.card, .quotes li')].map(e => getComputedStyle(e).breakInside)"
    )
    assert set(kept) == {"avoid"}
    pdf = tmp_path / "review.pdf"
    review.pdf(path=str(pdf), format="A4")
    assert pdf.read_bytes().startswith(b"%PDF")


def test_37_progress_starts_with_an_invitation_and_shows_the_change(
    chromium: Browser, tmp_path: Path
) -> None:
    with serving(tmp_path) as site:
        windows = Windows(chromium, site.url)
        page = windows.open("/progress")
        expect(page.get_by_role("link", name="Start the first round")).to_be_visible()
        for answer in (
            "I would look it up.",
            "Bias is systematic error, variance is sensitivity to the sample.",
        ):
            page.goto(site.url + post(site, "/sessions", round="phone_screen", question="ps-bias-variance"))
            ready(page)
            say(page, answer)
            review_of(page)
        page.goto(site.url + "/progress")
        expect(page.locator(".sessions tbody tr")).to_have_count(2)
        expect(page.locator(".sessions tbody tr").first.locator("td").last).to_have_text(
            re.compile(r"^[+]\d\.\d$")
        )
        expect(page.locator(".trends")).to_be_visible()
        windows.close()


def test_redo_starts_a_round_with_the_weakest_question(review: Page, site: Site) -> None:
    review.get_by_role("button", name="Redo this answer").click()
    ready(review)
    state = site.services.sessions.state(session_of(review.url), "")
    title = site.services.bank.question(state.question).title
    expect(review.locator(".bar-title h1")).to_have_text(title)
