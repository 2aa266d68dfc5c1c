"""The library as its users see it: what is indexed is found, cited exactly, and never embedded twice."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.errors import IndexLocked, InputRefused, NotFound
from bot.knowledge.library import Library
from bot.knowledge.read import line_key
from tests.support.words import WordHashEmbedder


def test_every_hit_quotes_its_article_exactly(library: Library, folder: Path) -> None:
    report = library.index([folder])
    assert (report.added, report.refused, report.articles) == (3, 0, 3)
    for question in (
        "how to find leakage in a feature",
        "when a message may come twice",
        "pruning branches noise",
    ):
        hits = library.search(question, gate=False).hits
        assert hits, question
        for hit in hits:
            text = library.article(hit.article).text
            assert text[hit.start : hit.end] == hit.text
            assert text[hit.wide_start : hit.wide_end] == hit.wide_text
            assert hit.wide_start <= hit.start < hit.end <= hit.wide_end
            assert library.passage(hit.article, hit.start, hit.end).text == hit.text


def test_the_right_article_comes_first(library: Library, folder: Path) -> None:
    library.index([folder])
    best = library.search("find a leakage feature").hits[0]
    assert (best.article, best.title) == ("leakage", "Data leakage")
    assert best.citation().title == "Data leakage"


def test_a_second_run_embeds_nothing(library: Library, folder: Path, embedder: WordHashEmbedder) -> None:
    first = library.index([folder])
    assert first.embedded == first.chunks == len(embedder.embedded)
    again = library.index([folder])
    assert (again.unchanged, again.embedded, again.added, again.changed) == (3, 0, 0, 0)


def test_a_touched_file_is_read_but_not_embedded(library: Library, folder: Path) -> None:
    library.index([folder])
    os.utime(folder / "trees.txt", (1, 1))
    assert library.is_stale([folder])
    assert library.index([folder]).embedded == 0
    assert not library.is_stale([folder])


def test_edits_renames_and_deletes_are_followed(
    library: Library, folder: Path, embedder: WordHashEmbedder
) -> None:
    library.index([folder])
    (folder / "trees.txt").write_text(
        "Decision trees\n\nForests average many trees that saw different rows.\n", "utf-8"
    )
    (folder / "leakage.md").rename(folder / "moved.md")
    (folder / "queues.html").unlink()
    embedder.embedded.clear()
    report = library.index([folder])
    assert (report.changed, report.renamed, report.removed, report.added) == (1, 1, 1, 0)
    assert len(embedder.embedded) == report.embedded == 1
    assert {entry.id for entry in library.articles()} == {"leakage", "trees"}
    assert library.article("leakage").source == "moved.md"
    assert not any(
        hit.article == "queues" for hit in library.search("queue producer consumer", gate=False).hits
    )
    assert library.search("forests average trees").hits[0].article == "trees"


def test_articles_of_other_folders_stay(library: Library, folder: Path, tmp_path: Path) -> None:
    library.index([folder])
    other = tmp_path / "other"
    other.mkdir()
    (other / "gates.md").write_text("# Gates\n\nA gate opens when the signal is high enough.\n", "utf-8")
    assert library.index([other]).articles == 4
    shutil.rmtree(folder)
    assert library.index([other]).articles == 4  # a folder that was not named is not judged


def test_staleness_sees_new_changed_and_removed_files(library: Library, folder: Path) -> None:
    assert library.is_stale([folder])
    library.index([folder])
    assert not library.is_stale([folder])
    (folder / "new.md").write_text("# New\n\nSomething that was not there before.\n", "utf-8")
    assert library.is_stale([folder])
    library.index([folder])
    (folder / "new.md").unlink()
    assert library.is_stale([folder])


def test_a_refused_file_does_not_make_the_library_stale_for_ever(library: Library, folder: Path) -> None:
    (folder / "empty.md").write_text("", "utf-8")
    library.index([folder])
    assert not library.is_stale([folder])


def test_nothing_relevant_is_said_and_not_guessed(library: Library, folder: Path) -> None:
    library.index([folder])
    answer = library.search("zygote quixotic harpsichord")
    assert answer.hits == ()
    assert "Nothing relevant" in answer.note


def test_an_empty_library_and_an_empty_question_are_told_apart(library: Library, folder: Path) -> None:
    assert "no articles" in library.search("anything").note
    library.index([folder])
    assert "empty" in library.search("   ").note


def test_at_most_two_passages_of_one_article(library: Library, folder: Path) -> None:
    body = "\n\n".join(
        f"## Part {n}\n\n" + f"Sharding splits the table by key, part {n}. " * 40 for n in range(8)
    )
    (folder / "sharding.md").write_text(f"# Sharding\n\n{body}", "utf-8")
    library.index([folder])
    hits = library.search("sharding splits the table by key", 10, gate=False).hits
    assert sum(hit.article == "sharding" for hit in hits) == 2


def test_a_change_of_embedder_is_explained_and_costs_one_run(folder: Path, tmp_path: Path) -> None:
    one, two = WordHashEmbedder("one-64"), WordHashEmbedder("two-64")
    home = tmp_path / "home"
    first = Library.open(home, embedder=one)
    first.index([folder])
    second = Library.open(home, embedder=two)
    answer = second.search("find a leakage feature")
    assert answer.hits
    assert "words only" in answer.note
    report = second.index([folder])
    assert "changed from one-64 to two-64" in report.embedder_note
    assert report.embedded == report.chunks
    back = Library.open(home, embedder=one).index([folder])
    assert back.embedded == 0  # its vectors were kept
    assert second.search("find a leakage feature").note != ""


def test_a_second_writer_is_refused_at_once(library: Library, folder: Path, tmp_path: Path) -> None:
    from filelock import FileLock

    library.index([folder])
    with FileLock(str(tmp_path / "home" / "index" / "LOCK")), pytest.raises(IndexLocked):
        library.index([folder])


def test_a_reader_sees_what_a_writer_added(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    writer = Library.open(home, embedder=WordHashEmbedder())
    reader = Library.open(home, embedder=WordHashEmbedder())
    writer.index([folder])
    assert reader.search("find a leakage feature").hits
    (folder / "kernels.md").write_text(
        "# Kernels\n\nA kernel measures similarity in a space never visited.\n", "utf-8"
    )
    writer.index([folder])
    assert reader.search("kernel similarity space").hits[0].article == "kernels"


def test_search_works_without_any_derived_file(library: Library, folder: Path, tmp_path: Path) -> None:
    library.index([folder])
    library.close()
    shutil.rmtree(tmp_path / "home" / "index")
    assert library.search("find a leakage feature").hits[0].article == "leakage"


def test_search_works_while_another_process_holds_the_lock_over_a_broken_index(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    from filelock import FileLock

    library.index([folder])
    library.close()
    shutil.rmtree(tmp_path / "home" / "index" / "articles-hash-64")
    with FileLock(str(tmp_path / "home" / "index" / "LOCK")):
        assert library.search("find a leakage feature").hits[0].article == "leakage"


def test_a_half_written_generation_is_never_opened(library: Library, folder: Path, tmp_path: Path) -> None:
    library.index([folder])
    library.close()
    place = tmp_path / "home" / "index" / "articles-hash-64"
    current = place / (place / "CURRENT").read_text("utf-8")
    (current / "DIRTY").touch()
    assert library.search("find a leakage feature").hits[0].article == "leakage"
    library.close()
    assert (place / "CURRENT").read_text("utf-8") != current.name  # made anew from the database


def test_what_was_dropped_can_be_seen_and_overruled(library: Library, tmp_path: Path) -> None:
    place = tmp_path / "raw"
    place.mkdir()
    (place / "page.txt").write_text(
        "Share this\n\nA pooled estimate weighs every site by the inverse of its variance, as the theory asks.\n\n"
        "Sites with hardly any data then say little, which is what one would wish for in practice.\n\n"
        "Leave a comment\n",
        "utf-8",
    )
    library.index([place])
    article = library.articles()[0].id
    assert [row.text for row in library.dropped(article)] == ["Share this", "Leave a comment"]
    assert library.overrule(article, {line_key("Share this"): True}).changed == 1
    assert "Share this" in library.article(article).text
    assert [(line.n, line.kept) for line in library.lines(article)] == [
        (1, True),
        (3, True),
        (5, True),
        (7, False),
    ]
    assert library.index([place]).unchanged == 1  # remembered
    library.overrule(article, {line_key("Share this"): False})
    assert "Share this" not in library.article(article).text


def test_an_overrule_that_cannot_be_followed_changes_nothing(library: Library, folder: Path) -> None:
    library.index([folder])
    everything = {line_key(line.text): False for line in library.lines("leakage")}
    with pytest.raises(InputRefused, match="No text"):
        library.overrule("leakage", everything)
    with pytest.raises(InputRefused, match="changed"):
        library.overrule("leakage", {line_key("never was there"): True})
    assert "Leakage means" in library.article("leakage").text
    (folder / "leakage.md").unlink()
    with pytest.raises(InputRefused, match="not there any more"):
        library.lines("leakage")


@pytest.mark.parametrize(("article", "form"), [("leakage", "md"), ("queues", "html")])
def test_lines_of_every_form_can_be_overruled(
    library: Library, folder: Path, article: str, form: str
) -> None:
    library.index([folder])
    lines = library.lines(article)
    assert [line.n for line in lines] == sorted({line.n for line in lines})
    last = next(line for line in reversed(lines) if line.kept)
    library.overrule(article, {line_key(last.text): False})
    text = library.article(article).text
    assert last.text not in text
    assert all(line.text.lstrip("# ") in text for line in lines if line.kept and line.n != last.n)
    assert library.article(article).form == form


def test_another_folder_does_not_bring_a_refused_file_back_to_mind(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    (folder / "empty.md").write_text("", "utf-8")
    library.index([folder])
    (tmp_path / "other").mkdir()
    library.index([tmp_path / "other"])
    assert not library.is_stale([folder])


def test_an_unknown_article_or_span_is_not_found(library: Library, folder: Path) -> None:
    library.index([folder])
    with pytest.raises(NotFound):
        library.article("nope")
    with pytest.raises(NotFound):
        library.passage("leakage", 5, 10**9)


def test_articles_can_be_removed(library: Library, folder: Path) -> None:
    library.index([folder])
    assert library.remove(["trees", "nope"]) == 1
    assert library.counts()[0] == 2
    assert not any(hit.article == "trees" for hit in library.search("tree splits rows", gate=False).hits)
