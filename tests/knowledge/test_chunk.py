"""Chunks: exact offsets, bounded size, nothing lost, whatever the text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge import chunk
from bot.knowledge.markdown import markdown_blocks
from bot.knowledge.values import Block, Kind
from bot.model.tokens import estimate

WORDS = st.sampled_from(
    ["model", "loss", "the", "Gradient", "of", "a.", "b!", "x", "überlang" * 30, "数据", "\n", "  ", "# T"]
)
TEXTS = st.lists(WORDS, max_size=900).map(" ".join)


@given(st.lists(st.builds(Block, TEXTS, st.sampled_from(list(Kind)), st.integers(1, 4)), max_size=12))
def test_spans_are_exact_bounded_and_complete(blocks: list[Block]) -> None:
    text, paragraphs = chunk.place(blocks)
    chunks = chunk.cut("Title", text, paragraphs)
    covered = [False] * len(text)
    for entry in chunks:
        assert 0 <= entry.start < entry.end <= len(text)
        assert text[entry.start : entry.end].strip()
        assert estimate(text[entry.start : entry.end]) <= chunk.MAX_TOKENS * 1.5
        covered[entry.start : entry.end] = [True] * (entry.end - entry.start)
    assert all(seen or char.isspace() for seen, char in zip(covered, text, strict=True))
    assert [entry.start for entry in chunks] == sorted(entry.start for entry in chunks)


def test_long_prose_makes_overlapping_chunks_on_sentence_bounds() -> None:
    text = " ".join(f"Sentence number {n} says something about the data." for n in range(120))
    placed, paragraphs = chunk.place([Block(text)])
    chunks = chunk.cut("T", placed, paragraphs)
    assert len(chunks) > 3
    for one, two in pairwise(chunks):
        assert one.start < two.start < one.end
        assert placed[two.start :].startswith("Sentence number")
        assert placed[: one.end].endswith(".")


def test_sections_are_paths_and_headings_stay_with_their_text() -> None:
    filler = "A sentence that fills the section with words so that it is not small. " * 12
    source = f"# Title\n\n## First\n\n{filler}\n\n### Inner\n\n{filler}\n\n## Second\n\n{filler}"
    text, paragraphs = chunk.place(markdown_blocks(source))
    chunks = chunk.cut("Title", text, paragraphs)
    assert [entry.section for entry in chunks] == ["First", "First > Inner", "Second"]
    assert text[chunks[2].start : chunks[2].end].startswith("Second\n\nA sentence")


def test_the_hash_follows_what_is_embedded() -> None:
    text, paragraphs = chunk.place([Block("Some text.")])
    one, two = (chunk.cut(title, text, paragraphs)[0].hash for title in ("A", "B"))
    assert one != two
    assert one == chunk.digest(chunk.embedded_text("A", "", "Some text."))


def test_code_is_kept_as_it_is() -> None:
    source = "Intro text.\n\n```python\ndef f(x):\n    return x\n\n# no heading\n```\n\nEnd."
    blocks = markdown_blocks(source)
    assert [block.kind for block in blocks] == [Kind.TEXT, Kind.CODE, Kind.TEXT]
    assert "# no heading" in blocks[1].text
