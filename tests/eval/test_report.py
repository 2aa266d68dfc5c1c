"""Reports: whatever was said stays data, the page needs nothing from elsewhere, junit is well-formed."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eval.report import html, junit, marked
from eval.schemas import schemas
from eval.summary import summarise
from eval.values import Measure, Said
from tests.eval.conftest import a_case, a_suite

HOSTILE = "</details><script>alert(1)</script><img src=x onerror=alert(1)> & \" ' \x00\x1b[31m ]]> http://evil.example/x.js"


class Tags(HTMLParser):
    """Collects tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Tags:
    parser = Tags()
    parser.feed(page)
    return parser


def hostile_case() -> object:
    said = Said(turn=1, speaker="candidate", text=HOSTILE, at_s=3, quotes=((3, 9),))
    wrong = Measure(metric="no_leak", value=0, why=(HOSTILE,))
    return a_case(
        value=0, transcript=(said,), measures=(wrong,), doubts=(HOSTILE,), error=HOSTILE, label=HOSTILE
    )


def page_of(case: object) -> str:
    suite = a_suite(title=HOSTILE.replace("\x00", ""), about=HOSTILE)
    return html(suite, summarise(suite, "mock", "r", {"models": HOSTILE}, [case]), [case])


def test_hostile_text_stays_text() -> None:
    found = read(page_of(hostile_case()))
    assert {tag for tag, _ in found.tags} <= {
        "html", "meta", "title", "style", "main", "section", "nav", "a", "h1", "h2", "h3", "p", "ul", "li", "div", "dl", "dt",
        "dd", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "span", "mark", "pre", "b", "strong", "code",
    }  # fmt: skip
    assert "alert(1)" in "".join(found.text), "it is shown, not lost"


def test_nothing_is_loaded_from_anywhere() -> None:
    page = page_of(hostile_case())
    for _, attributes in read(page).tags:
        assert not set(attributes) & {"src", "action", "srcset", "data", "onerror", "onload"}
        assert (attributes.get("href") or "#").startswith("#"), "links stay on the page"
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_the_page_fits_a_phone() -> None:
    page = page_of(a_case())
    assert "width=device-width" in page
    assert re.search(r"\.wide \{[^}]*overflow-x: auto", page), "only tables scroll sideways"


def test_junit_tells_failures_and_errors_apart() -> None:
    cases = [
        a_case(seed=1),
        hostile_case(),
        a_case(seed=3, outcome="error", error=HOSTILE, measures=()),
    ]
    run = summarise(a_suite(), "mock", "r", {}, cases)
    root = ET.fromstring(junit(run, cases))
    assert root.attrib["tests"] == "3"
    assert [[child.tag for child in case] for case in root] == [[], ["failure"], ["error"]]
    assert (root.attrib["failures"], root.attrib["errors"]) == ("1", "1")


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_marking_never_changes_the_words(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(min(a, b, len(text)), min(max(a, b), len(text))) for a, b in spans]
    shown = marked(Said(turn=1, speaker="candidate", text=text, at_s=0, quotes=tuple(inside)))
    import html as entities

    assert entities.unescape(re.sub("<mark[^>]*>", "", shown).replace("</mark>", "")) == entities.unescape(
        entities.escape(text)
    )
    assert shown.count("<mark") == shown.count("</mark>")


def test_schemas_are_current_and_describe_the_files() -> None:
    for path, text in schemas().items():
        assert path.read_text(encoding="utf-8") == text, "stale: run `python -m eval schemas`"
        schema = json.loads(text)
        for file in path.parent.glob("*.yaml"):
            jsonschema.validate(yaml.safe_load(file.read_text(encoding="utf-8")), schema)
            assert file.read_text(encoding="utf-8").startswith(f"# yaml-language-server: $schema={path.name}")


def test_reports_are_written_as_files(tmp_path: Path) -> None:
    from eval import report

    case = a_case()
    report.write(tmp_path, a_suite(), summarise(a_suite(), "mock", "r", {}, [case]), [case])
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    ET.parse(tmp_path / "junit.xml")
