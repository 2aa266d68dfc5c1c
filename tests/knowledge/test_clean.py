"""Cleaning flattened pages: on made-up pages of many kinds, and what must hold for any text."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import clean
from bot.knowledge.rows import boilerplate

PAGES = sorted((Path(__file__).parent / "pages").glob("*.txt"))
PROSE = (
    "A pooled estimate weighs every site by the inverse of its variance, which is what the theory asks for."
)


def labelled(page: Path) -> list[tuple[bool, str]]:
    """(belongs to the article, text) of every line of a page."""
    return [(line[0] == "+", line[2:]) for line in page.read_text("utf-8").splitlines() if line.strip()]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def scores(page: Path) -> tuple[float, float]:
    """Precision and recall of what is kept, by four-word shingles, as article extraction is measured."""
    lines = labelled(page)
    kept = clean.clean("\n".join(text for _, text in lines))
    wanted = shingles("\n".join(text for keep, text in lines if keep))
    found = shingles("\n".join(line.text for line in kept if line.kept))
    both = sum((wanted & found).values())
    return both / max(1, sum(found.values())), both / max(1, sum(wanted.values()))


def test_the_made_up_pages_come_out_clean() -> None:
    pairs = [scores(page) for page in PAGES]
    precision, recall = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
    assert len(pairs) >= 18
    assert 2 * precision * recall / (precision + recall) >= 0.95


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_loses_its_article(page: Path) -> None:
    precision, recall = scores(page)
    assert recall >= 0.8
    assert precision >= 0.8


@pytest.mark.parametrize(
    "line",
    [
        "Share this article",
        "Twitter Facebook Reddit LinkedIn",
        "Posted on March 3, 2018 by Ines",
        "12-31-2021, 08:15 PM",
        "Figure 7:",
        "Copyright © 2019. All rights reserved.",
        "Sign up for our daily newsletter and get the news in your inbox.",
        "We use cookies to improve your experience. By continuing you agree to our cookie policy.",
        "Home > News > Local",
        "www.example.com",
        "3 min read",
        "By Dana Whitlock, staff writer",
        "(Photo: Getty Images)",
        "Advertisement",
        "Your email address will not be published. Required fields are marked *",
        "Wir verwenden Cookies, um unsere Website zu verbessern.",
        "Tous droits réservés",
        "You are here: Home / Tutorials / Pooling",
        "Ines Vogel is a senior writer covering statistics and the people who do it.",
        "by walkslow » Wed Mar 06, 2013 8:15 pm",
    ],
)
def test_wording_alone_tells_boilerplate(line: str) -> None:
    assert boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        PROSE,
        "The share of positives in the sample was half a per cent, so accuracy says nothing.",
        "We follow the gradient downhill until the loss on held-out data stops falling.",
        "Section 2.1: Choosing a threshold",
        "1. Proficiency in Python",
        "What you need",
        "Twitter migrated its recommendation service to a new stack in 2018, and latency fell by half.",
        "  • Have you measured the baseline?",
        "model.fit(train[features], train['demand'])",
        "In high dimensions everyone is rare.",
        "Labels that disagree",
        "By looking closely at small errors, one finds large ones.",
        "Sort by score; take the best box.",
        "and the battery",
    ],
)
def test_articles_are_not_boilerplate_by_wording(line: str) -> None:
    assert boilerplate(line) == ""


def test_repeats_are_kept_once() -> None:
    lines = clean.clean(
        f"{PROSE}\n\nAnother sentence that belongs to the same article, and says more.\n\n{PROSE}\n"
    )
    assert [(line.kept, line.why) for line in lines] == [(True, ""), (True, ""), (False, "repeated")]


def kept(*lines: str) -> list[str]:
    return [line.text for line in clean.clean("\n".join(lines)) if line.kept]


BODY = (
    PROSE,
    "Sites with hardly any rows then say little, which is what one would wish for, and nobody has to be left out by hand.",
    "The price is a small bias towards the mean of all sites. It shrinks as the rows of a site grow, and is nil in the end.",
)


def test_a_heading_that_a_table_of_contents_names_first_is_no_repeat() -> None:
    contents = ("What the estimate is made of", "Where the bias comes from")
    found = kept(*contents, "Share this", contents[0], *BODY[:2], contents[1], BODY[2])
    assert found[-4:] == [*BODY[:2], contents[1], BODY[2]]


def test_a_list_of_teasers_is_no_article() -> None:
    teasers = [
        line
        for what in ("kettles", "bridges", "tides", "orchards", "violins")
        for line in (
            f"Everything we know of {what} this year",
            f"A look at {what} and at the people who care for them, by our correspondent in the north of the country.",
        )
    ]
    assert kept(*teasers, "12 May 2019", *BODY) == list(BODY)
    assert kept(*BODY, *teasers) == list(BODY)


def test_signed_posts_after_the_article_are_a_discussion() -> None:
    posts = [
        line
        for name, hour in (("walkslow", 8), ("MeganT", 9), ("bill", 11))
        for line in (
            name,
            f"March 6, 2013 at {hour}:15 am",
            "I have done the same with our shops for years, and it was never as simple as it is said to be here.",
        )
    ]
    assert kept(*BODY, *posts) == list(BODY)


def test_a_chronicle_keeps_its_dates_text() -> None:
    years = [
        line
        for n, text in enumerate((*BODY, *BODY[:2]))
        for line in (f"March {n + 1}, 2013", f"{text} ({n})")
    ]
    assert len(kept(*years)) >= 5


def test_a_listing_and_its_output_stay_with_the_article() -> None:
    listing = (
        "$ tree src",
        "src",
        "├── main.py",
        "└── pool.py",
        "2 files",
        "$ python main.py",
        "pooled 12 sites",
    )
    assert kept(BODY[0], *listing, *BODY[1:]) == [BODY[0], *listing, *BODY[1:]]


def test_lines_in_another_script_are_named() -> None:
    lines = clean.clean(f"{PROSE}\n{PROSE.replace('pooled', 'second')}\n请登录后查看或添加评论\n")
    assert lines[-1].why == "another script"


def test_hard_wrapped_text_is_judged_by_paragraph() -> None:
    paragraphs = (
        "Regularisation adds a penalty to the loss so that large weights have to be paid for. The penalty acts on the "
        "variance of the fit and costs some bias in return, which is a good bargain on small samples.",
        "Share this article",
        "The strength of the penalty is chosen on data that the fit has not seen, usually by cross-validation over a "
        "grid of values that spans several powers of ten and is refined around the best one.",
    )
    wrapped = "\n\n".join(textwrap.fill(text, 60) for text in paragraphs)
    kept = [line.text for line in clean.clean(wrapped) if line.kept]
    assert len(kept) == 8
    assert "Share this article" not in kept


def test_notes_without_prose_are_left_alone() -> None:
    notes = "buy milk\ncall Ann\nread about bagging\n"
    assert all(line.kept for line in clean.clean(notes))


@given(st.text(max_size=400))
def test_every_line_gets_one_verdict_in_order(text: str) -> None:
    lines = clean.clean(text)
    assert [line.text for line in lines] == [line.strip() for line in text.split("\n") if line.strip()]
    assert all(line.kept == (line.why == "") for line in lines)
    assert [line.n for line in lines] == sorted({line.n for line in lines})


FRAGMENTS = (
    "share",
    "print",
    "mail",
    "x",
    "more",
    "by",
    "may",
    "1",
    "-",
    "|",
    "on",
    "post",
    "comments",
    "12 May 2019",
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60))
def test_hostile_lines_do_not_stall_the_patterns(words: list[str]) -> None:
    boilerplate(" ".join(words) + " !!")
    boilerplate("-".join(words * 20))
