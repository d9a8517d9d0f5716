"""Looking through the articles folder."""

import logging
import os

import pytest

from qa.articles import FileInfo, scan
from qa.errors import ArticleError


def test_scan_is_sorted_and_leaves_out_what_is_hidden(tmp_path):
    for path in (
        "b.txt",
        "a/z.md",
        "a/b/c.html",
        ".hidden.txt",
        ".git/x.txt",
        "a/.DS_Store",
        "note.docx",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("text")
    found = scan(tmp_path)
    assert [info.path for info in found] == ["a/b/c.html", "a/z.md", "b.txt", "note.docx"]
    assert all(info.size == 4 for info in found)


def test_scan_tells_a_changed_file(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("one")
    os.utime(file, ns=(1, 1_000))
    before = scan(tmp_path)
    assert before == [FileInfo("a.txt", 3, 1_000)]
    file.write_text("two")
    os.utime(file, ns=(1, 2_000))
    assert scan(tmp_path) != before


def test_links(tmp_path):
    outside = tmp_path / "outside"
    folder = tmp_path / "articles"
    for made in (outside, folder / "sub"):
        made.mkdir(parents=True)
    (outside / "secret.txt").write_text("secret")
    (folder / "sub" / "a.txt").write_text("text")
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "again.txt").symlink_to(folder / "sub" / "a.txt")
    (folder / "file-out.txt").symlink_to(outside / "secret.txt")
    (folder / "folder-out").symlink_to(outside)
    (folder / "dangling.txt").symlink_to(folder / "gone.txt")
    (folder / "self.txt").symlink_to(folder / "self.txt")
    found = {info.path: info.size for info in scan(folder)}
    assert sorted(found) == [
        "again.txt",
        "dangling.txt",
        "file-out.txt",
        "folder-out",
        "self.txt",
        "sub/a.txt",
    ]
    assert found["again.txt"] == 4


def test_linked_articles_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("text")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert [info.path for info in scan(tmp_path / "link")] == ["a.txt"]


def test_name_that_is_not_utf8_is_left_out_by_name(tmp_path, caplog):
    with open(os.fsencode(tmp_path) + b"/bad\xff.txt", "wb") as file:  # noqa: PTH123  # a name in bytes
        file.write(b"text")
    with caplog.at_level(logging.WARNING):
        assert scan(tmp_path) == []
    assert "bad" in caplog.text


def test_no_folder(tmp_path):
    with pytest.raises(ArticleError, match="no such folder"):
        scan(tmp_path / "gone")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArticleError, match="no such folder"):
        scan(tmp_path / "file")
