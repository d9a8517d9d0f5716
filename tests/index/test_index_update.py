"""An update does what changed and nothing else, says so, and is refused where it must be."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3

import pytest
from index_world import (
    SETTINGS,
    WordEncoder,
    built,
    everything,
    record,
    story,
    write,
    write_records,
)

from qa.config import Settings
from qa.errors import (
    ArticleError,
    IndexBusy,
    IndexDamaged,
    IndexMismatch,
    IndexMissing,
    StoreError,
)
from qa.index import Index, lock, update
from qa.index.plan import RACY_NS


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles"
    for number in range(5):
        write(folder, f"a{number}.txt", story(number))
    return folder


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


def assert_as_from_scratch(articles, index, tmp_path):
    """Compare all answers with those of a new index of the same files."""
    fresh = tmp_path / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    expected = built(articles, fresh)
    found = Index.open(index, SETTINGS, WordEncoder()).snapshot()
    assert everything(found) == everything(expected)


def test_it_says_what_it_did(articles, index, tmp_path):
    encoder = WordEncoder()
    assert str(update(articles, index, SETTINGS, encoder)) == (
        "5 added, 0 changed, 0 removed, 0 unchanged"
    )
    write(articles, "a0.txt", story(50))
    (articles / "a1.txt").unlink()
    (articles / "a2.txt").rename(articles / "sub.txt")
    write(articles, "new.txt", story(51))
    (articles / "empty.txt").write_bytes(b"")
    changes = update(articles, index, SETTINGS, encoder)
    assert changes.added == ("new", "sub")
    assert changes.changed == ("a0",)
    assert changes.removed == ("a1", "a2")
    assert changes.unchanged == 2
    assert [item.path for item in changes.skipped] == ["empty.txt"]
    assert str(changes) == "2 added, 1 changed, 2 removed, 2 unchanged, 1 skipped"
    assert changes
    assert_as_from_scratch(articles, index, tmp_path)


def test_nothing_new_writes_and_encodes_nothing(articles, index):
    first = WordEncoder()
    before = update(articles, index, SETTINGS, first)
    database = (index / "articles.db").read_bytes()
    second = WordEncoder()
    changes = update(articles, index, SETTINGS, second)
    assert not changes
    assert changes.unchanged == 5
    assert changes.generation == before.generation
    assert second.encoded == 0
    assert (index / "articles.db").read_bytes() == database


def test_only_what_changed_is_encoded(articles, index):
    update(articles, index, SETTINGS, WordEncoder())
    write(articles, "a0.txt", story(50))
    encoder = WordEncoder()
    update(articles, index, SETTINGS, encoder)
    snapshot = Index.open(index, SETTINGS, encoder).snapshot()
    assert encoder.encoded == len(snapshot.passages("a0"))


def test_a_renamed_or_copied_article_is_not_encoded_again(articles, index, tmp_path):
    update(articles, index, SETTINGS, WordEncoder())
    (articles / "a0.txt").rename(articles / "b0.txt")
    shutil.copy2(articles / "a1.txt", articles / "c1.txt")
    encoder = WordEncoder()
    changes = update(articles, index, SETTINGS, encoder)
    assert (changes.added, changes.removed) == (("b0", "c1"), ("a0",))
    assert encoder.encoded == 0
    assert_as_from_scratch(articles, index, tmp_path)


def test_a_touched_file_is_looked_into_but_unchanged(articles, index):
    update(articles, index, SETTINGS, WordEncoder())
    os.utime(articles / "a0.txt")
    encoder = WordEncoder()
    assert not update(articles, index, SETTINGS, encoder)
    assert encoder.encoded == 0


def test_a_change_of_equal_size_within_the_clocks_tick_is_seen(articles, index):
    file = articles / "a0.txt"
    text = file.read_text()
    file.write_text(text)  # now: too fresh for its time to be trusted
    update(articles, index, SETTINGS, WordEncoder())
    status = file.stat()
    file.write_text(text.replace("day", "dog"))
    os.utime(file, ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert file.stat().st_size == status.st_size
    assert update(articles, index, SETTINGS, WordEncoder()).changed == ("a0",)
    assert RACY_NS > 0


def test_a_dry_run_says_the_same_and_does_nothing(articles, index):
    assert str(update(articles, index, SETTINGS, WordEncoder(), dry_run=True)) == (
        "5 added, 0 changed, 0 removed, 0 unchanged"
    )
    assert not index.exists()
    update(articles, index, SETTINGS, WordEncoder())
    write(articles, "a0.txt", story(50))
    (articles / "a1.txt").unlink()
    database = (index / "articles.db").read_bytes()
    encoder = WordEncoder()
    opened = Index.open(index, SETTINGS, encoder)
    dry = update(articles, index, SETTINGS, encoder, dry_run=True)
    assert (dry.changed, dry.removed) == (("a0",), ("a1",))
    assert opened.changes() == dry
    assert encoder.encoded == 0
    assert (index / "articles.db").read_bytes() == database
    wet = update(articles, index, SETTINGS, encoder)
    assert (wet.added, wet.changed, wet.removed) == (dry.added, dry.changed, dry.removed)
    assert not opened.changes()


def test_without_pruning_what_is_gone_stays(articles, index, tmp_path):
    write_records(articles, "r.jsonl", record("x", story(60)), record("y", story(61)))
    update(articles, index, SETTINGS, WordEncoder())
    (articles / "a1.txt").unlink()
    write_records(articles, "r.jsonl", record("x", story(62)))
    changes = update(articles, index, SETTINGS, WordEncoder(), prune=False)
    assert (changes.changed, changes.removed) == (("x",), ())
    snapshot = Index.open(index, SETTINGS, WordEncoder()).snapshot()
    assert {info.id for info in snapshot.articles()} >= {"a1", "y"}
    assert not update(articles, index, SETTINGS, WordEncoder(), prune=False)
    changes = update(articles, index, SETTINGS, WordEncoder())
    assert changes.removed == ("a1", "y")
    assert_as_from_scratch(articles, index, tmp_path)


def test_what_was_kept_gives_way_to_a_file_that_has_it(articles, index, tmp_path):
    write_records(articles, "a.jsonl", record("x", story(60)))
    update(articles, index, SETTINGS, WordEncoder())
    (articles / "a.jsonl").unlink()
    write_records(articles, "b.jsonl", record("x", story(61)))
    changes = update(articles, index, SETTINGS, WordEncoder(), prune=False)
    assert changes.changed == ("x",)
    assert_as_from_scratch(articles, index, tmp_path)


def test_the_first_file_by_path_has_a_disputed_id(articles, index, tmp_path):
    write_records(articles, "m.jsonl", record("x", story(60)), record("x", story(61)))
    changes = update(articles, index, SETTINGS, WordEncoder())
    assert "x" in changes.added
    assert [item.path for item in changes.skipped] == ["m.jsonl"]
    write_records(articles, "z.jsonl", record("x", story(62)), record("y", story(63)))
    changes = update(articles, index, SETTINGS, WordEncoder())
    assert (changes.added, changes.changed) == (("y",), ())
    assert [item.path for item in changes.skipped] == ["m.jsonl", "z.jsonl"]
    assert "'x'" in changes.skipped[1].reason
    assert "m.jsonl" in changes.skipped[1].reason
    # An earlier file takes it over, though the later ones did not change …
    write_records(articles, "b.jsonl", record("x", story(64)))
    assert update(articles, index, SETTINGS, WordEncoder()).changed == ("x",)
    assert_as_from_scratch(articles, index, tmp_path)
    # … and gives it back, first to the one and then to the other.
    for gone in ("b.jsonl", "m.jsonl"):
        (articles / gone).unlink()
        assert update(articles, index, SETTINGS, WordEncoder()).changed == ("x",)
        assert_as_from_scratch(articles, index, tmp_path)
    (articles / "z.jsonl").unlink()
    assert update(articles, index, SETTINGS, WordEncoder()).removed == ("x", "y")
    assert_as_from_scratch(articles, index, tmp_path)


def test_an_id_that_the_first_file_gives_up_goes_to_the_next(articles, index, tmp_path):
    write_records(articles, "b.jsonl", record("x", story(60)), record("y", story(61)))
    write_records(articles, "m.jsonl", record("x", story(62)))
    update(articles, index, SETTINGS, WordEncoder())
    write_records(articles, "b.jsonl", record("y", story(61)))
    changes = update(articles, index, SETTINGS, WordEncoder())
    assert (changes.changed, changes.removed, changes.skipped) == (("x",), (), ())
    assert_as_from_scratch(articles, index, tmp_path)


def test_a_record_can_move_to_another_file(articles, index, tmp_path):
    write_records(articles, "b.jsonl", record("x", story(60)), record("y", story(61)))
    update(articles, index, SETTINGS, WordEncoder())
    write_records(articles, "b.jsonl", record("y", story(61)))
    write_records(articles, "c.jsonl", record("x", story(60)))
    encoder = WordEncoder()
    assert update(articles, index, SETTINGS, encoder).changed == ("x",)
    assert encoder.encoded == 0
    assert_as_from_scratch(articles, index, tmp_path)


def test_a_file_that_turned_bad_leaves_the_index(articles, index, tmp_path):
    update(articles, index, SETTINGS, WordEncoder())
    (articles / "a3.txt").write_bytes(b"")
    changes = update(articles, index, SETTINGS, WordEncoder())
    assert changes.removed == ("a3",)
    assert [item.path for item in changes.skipped] == ["a3.txt"]
    assert [i.path for i in update(articles, index, SETTINGS, WordEncoder()).skipped] == ["a3.txt"]
    assert_as_from_scratch(articles, index, tmp_path)


class Failing(WordEncoder):
    """Gives out in the middle."""

    def encode(self, texts):
        if self.encoded > 20:
            raise RuntimeError("no power")
        return super().encode(texts)


def test_it_goes_on_from_where_it_was_cut_short(articles, index, tmp_path, monkeypatch):
    monkeypatch.setattr("qa.index.build.BATCH", 8)
    for number in range(5, 20):
        write(articles, f"b{number}.txt", story(number))
    write_records(articles, "c.jsonl", *(record(f"c{n}", story(30 + n)) for n in range(9)))
    with pytest.raises(RuntimeError, match="no power"):
        update(articles, index, SETTINGS, Failing())
    before = Index.open(index, SETTINGS, WordEncoder()).snapshot()
    kept = len(before.articles())
    assert 0 < kept < 29
    encoder = WordEncoder()
    changes = update(articles, index, SETTINGS, encoder)
    assert (changes.unchanged, len(changes.added)) == (kept, 29 - kept)
    assert encoder.encoded == len(Index.open(index, SETTINGS, encoder).snapshot()) - len(before)
    assert_as_from_scratch(articles, index, tmp_path)


def test_progress_goes_from_nothing_to_all(articles, index):
    seen = []
    update(
        articles, index, SETTINGS, WordEncoder(),
        progress=lambda done, total, what: seen.append((what, done, total)),
    )  # fmt: skip
    reading = [(done, total) for what, done, total in seen if what == "indexing"]
    size = sum(file.stat().st_size for file in articles.iterdir())
    assert reading[0] == (0, size)
    assert reading[-1] == (size, size)
    assert reading == sorted(reading)
    assert seen[-1] == ("caching", 1, 1)


def test_the_order_of_the_articles_changes_nothing(tmp_path):
    texts = {f"n{number}.txt": story(number) for number in range(8)}
    for folder, names in (("one", sorted(texts)), ("two", sorted(texts, reverse=True))):
        for name in names:
            write(tmp_path / folder, name, texts[name])
            update(tmp_path / folder, tmp_path / f"index-{folder}", SETTINGS, WordEncoder())
    one, two = (
        everything(Index.open(tmp_path / f"index-{name}", SETTINGS, WordEncoder()).snapshot())
        for name in ("one", "two")
    )
    assert one == two


def test_an_index_among_its_articles_does_not_index_itself(articles):
    index = articles / "index"
    update(articles, index, SETTINGS, WordEncoder())
    write(index, "README.md", story(70))
    assert not update(articles, index, SETTINGS, WordEncoder())


def test_another_folder_is_followed(articles, index, tmp_path):
    update(articles, index, SETTINGS, WordEncoder())
    other = tmp_path / "other"
    shutil.copytree(articles, other)
    text = story(80)
    status = (other / "a0.txt").stat()
    (other / "a0.txt").write_text(text[: status.st_size].ljust(status.st_size, "."))
    os.utime(other / "a0.txt", ns=(status.st_mtime_ns, status.st_mtime_ns))
    encoder = WordEncoder()
    # The same size and time prove nothing in another folder.
    assert update(other, index, SETTINGS, encoder).changed == ("a0",)
    opened = Index.open(index, SETTINGS, encoder)
    assert opened.manifest.articles == str(other.resolve())
    assert not opened.changes()


def test_halves_of_characters_are_skipped_by_name(articles, index):
    write(
        articles, "r.jsonl",
        '{"id": "bad", "title": "t", "text": "The harbour \\ud800 closed on Monday morning."}\n'
        '{"id": "good", "title": "t", "text": "The harbour closed on Monday morning."}\n',
    )  # fmt: skip
    changes = update(articles, index, SETTINGS, WordEncoder())
    held = {info.id for info in Index.open(index, SETTINGS, WordEncoder()).snapshot().articles()}
    assert "good" in held
    # Either the reader of articles makes it whole, or it is not let in.
    assert ("bad" in held) != any("bad" in item.reason for item in changes.skipped)


# -- refused


def test_no_folder_of_articles(tmp_path, index):
    with pytest.raises(ArticleError):
        update(tmp_path / "nowhere", index, SETTINGS, WordEncoder())
    assert not index.exists()


def test_a_missing_folder_of_articles_empties_no_index(articles, index):
    update(articles, index, SETTINGS, WordEncoder())
    opened = Index.open(index, SETTINGS, WordEncoder())
    articles.rename(articles.with_name("moved"))
    with pytest.raises(ArticleError):
        update(articles, index, SETTINGS, WordEncoder())
    with pytest.raises(ArticleError):
        opened.changes()
    assert len(opened.snapshot().articles()) == 5


def test_a_missing_index(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("text")
    (tmp_path / "hollow").mkdir()
    (tmp_path / "hollow" / "articles.db").write_bytes(b"")
    for name in ("nothing", "empty", "file", "hollow"):
        with pytest.raises(IndexMissing, match="qa index"):
            Index.open(tmp_path / name, SETTINGS, WordEncoder())
    assert not (tmp_path / "nothing").exists()


def test_a_path_that_is_a_file(articles, tmp_path):
    (tmp_path / "file").write_text("text")
    with pytest.raises(StoreError, match="is a file"):
        update(articles, tmp_path / "file", SETTINGS, WordEncoder())
    assert (tmp_path / "file").read_text() == "text"


def test_a_folder_with_other_things_is_not_touched(articles, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.doc").write_text("years of work")
    with pytest.raises(StoreError, match=r"chapter\.doc"):
        update(articles, tmp_path / "thesis", SETTINGS, WordEncoder())
    assert [file.name for file in (tmp_path / "thesis").iterdir()] == ["chapter.doc"]


def test_another_programs_database_is_not_touched(articles, index):
    index.mkdir()
    with sqlite3.connect(index / "articles.db") as other:
        other.execute("CREATE TABLE cooking (recipe TEXT)")
    other.close()
    before = (index / "articles.db").read_bytes()
    with pytest.raises(IndexMismatch, match="not made by qa"):
        Index.open(index, SETTINGS, WordEncoder())
    with pytest.raises(IndexMismatch, match="not made by qa"):
        update(articles, index, SETTINGS, WordEncoder())
    assert (index / "articles.db").read_bytes() == before


def test_readme_and_gitignore_may_stand_there(articles, index):
    index.mkdir()
    (index / "README.md").write_text("about")
    (index / ".gitignore").write_text("*")
    assert len(update(articles, index, SETTINGS, WordEncoder()).added) == 5
    assert (index / "README.md").read_text() == "about"


@pytest.mark.parametrize(
    "recipe",
    [
        (SETTINGS, WordEncoder(sha256="1" * 64), "encoder"),
        (Settings(passage_words=40), WordEncoder(), "passage_words"),
    ],
)
def test_another_recipe_is_refused_and_then_made_anew(articles, index, tmp_path, recipe):
    settings, encoder, what = recipe
    update(articles, index, SETTINGS, WordEncoder())
    reader = Index.open(index, SETTINGS, WordEncoder())
    with pytest.raises(IndexMismatch, match=what) as caught:
        Index.open(index, settings, encoder)
    assert "qa index" in caught.value.cure
    assert str(index) in caught.value.cure
    assert len(update(articles, index, settings, encoder).added) == 5
    found = everything(Index.open(index, settings, encoder).snapshot())
    assert found == everything(built(articles, tmp_path / "fresh", encoder, settings))
    with pytest.raises(IndexMismatch):
        reader.snapshot()


def test_another_dimension_is_made_anew(articles, index, tmp_path):
    update(articles, index, SETTINGS, WordEncoder())
    write(articles, "new.txt", story(90))
    update(articles, index, SETTINGS, WordEncoder(dimension=16))
    snapshot = Index.open(index, SETTINGS, WordEncoder(dimension=16)).snapshot()
    expected = built(articles, tmp_path / "fresh", WordEncoder(dimension=16))
    assert everything(snapshot, WordEncoder(16)) == everything(expected, WordEncoder(16))


def test_an_older_format_is_refused_and_then_made_anew(articles, index, monkeypatch):
    update(articles, index, SETTINGS, WordEncoder())
    monkeypatch.setattr("qa.index.database.FORMAT", 99)
    monkeypatch.setattr("qa.index.manifest.FORMAT", 99)
    with pytest.raises(IndexMismatch, match="format"):
        Index.open(index, SETTINGS, WordEncoder())
    assert len(update(articles, index, SETTINGS, WordEncoder()).added) == 5
    assert len(Index.open(index, SETTINGS, WordEncoder()).snapshot().articles()) == 5


def test_a_second_writer_is_told_who_is_first(articles, index):
    update(articles, index, SETTINGS, WordEncoder())
    with lock.writer(index), pytest.raises(IndexBusy) as caught, lock.writer(index, wait=0.1):
        pass
    assert str(os.getpid()) in str(caught.value)
    assert socket.gethostname() in str(caught.value)
    with lock.writer(index, wait=0.1):
        pass


def test_a_note_of_damage_is_gone_after_an_update(articles, index):
    update(articles, index, SETTINGS, WordEncoder())
    (index / "damaged").touch()
    assert not update(articles, index, SETTINGS, WordEncoder())
    assert not (index / "damaged").exists()
    assert issubclass(IndexDamaged, StoreError)
