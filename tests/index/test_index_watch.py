"""A watched folder and its index stay together."""

from __future__ import annotations

import threading

import pytest
from index_world import SETTINGS, WordEncoder, built, everything, story, write

from qa.errors import ArticleError
from qa.index import Index, lock, watch


class Days:
    """A stop event that lets a set number of looks pass and does something before each."""

    def __init__(self, *deeds):
        self.deeds = list(deeds)

    def wait(self, _):
        if not self.deeds:
            return True
        deed = self.deeds.pop(0)
        if deed:
            deed()
        return False


def test_it_follows_the_folder(tmp_path):
    articles, index = tmp_path / "articles", tmp_path / "index"
    write(articles, "a.txt", story(1))
    holder = threading.Event()

    def hold():
        holder.lock = lock.writer(index)
        holder.lock.__enter__()

    def release():
        holder.lock.__exit__(None, None, None)

    days = Days(
        None,
        lambda: write(articles, "b.txt", story(2)),
        lambda: write(articles, "b.txt", story(3)),  # still being written
        None,
        None,
        lambda: articles.rename(tmp_path / "unmounted"),
        None,
        None,
        lambda: (tmp_path / "unmounted").rename(articles),
        None,
        (articles / "a.txt").unlink,
        hold,  # another process writes just now
        release,
        None,
    )
    encoder = WordEncoder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("qa.index.lock.WAIT", 0.1)
        done = list(watch(articles, index, SETTINGS, encoder, every=0, stop=days))
    assert [(c.added, c.changed, c.removed) for c in done] == [
        (("a",), (), ()),
        (("b",), (), ()),
        ((), (), ("a",)),
    ]
    found = everything(Index.open(index, SETTINGS, WordEncoder()).snapshot())
    assert found == everything(built(articles, tmp_path / "fresh"))


def test_it_starts_with_a_folder_or_not_at_all(tmp_path):
    with pytest.raises(ArticleError):
        next(watch(tmp_path / "nowhere", tmp_path / "index", SETTINGS, WordEncoder()))


def test_it_stops_when_told(tmp_path):
    write(tmp_path / "articles", "a.txt", story(1))
    stop = threading.Event()
    watching = watch(
        tmp_path / "articles", tmp_path / "index", SETTINGS, WordEncoder(), every=0.01, stop=stop
    )
    assert next(watching).added == ("a",)
    stop.set()
    assert list(watching) == []
