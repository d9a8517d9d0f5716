"""Each format: what is read, what is stated, what is refused and by which name."""

import gzip
import hashlib
import json
import os
import re
from datetime import date

import pytest
from articles.pdf_maker import encrypted, make_pdf

import qa.articles
from qa.articles import read, read_file
from qa.errors import ArticleError
from qa.passages import passages
from qa.types import Role

NEWS = "Tram line opens\n\nBy Omar Said\n\nTrams ran again on Monday, after 41 years.\n"


def one(folder, name: str, content: bytes | str):
    data = content.encode() if isinstance(content, str) else content
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    (article,) = read(folder, name)
    assert article.sha256 == hashlib.sha256(data).hexdigest()
    assert article.path == name
    check(article)
    return article


def check(article):
    """Marks stand in order and inside, passages are cut from the text, the text can be kept."""
    end = 0
    for mark in article.marks:
        assert end <= mark.start < mark.end <= len(article.text)
        end = mark.end
    for passage in passages(article, 120):
        assert article.text[passage.start : passage.end] == passage.text
    article.text.encode("utf-8")
    assert "\x00" not in article.text
    assert article.title


def refused(folder, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    reading = read_file(folder, name)
    assert reading.articles == ()
    (skipped,) = reading.skipped
    assert skipped.path == name
    assert name in skipped.reason
    with pytest.raises(ArticleError, match=name):
        read(folder, name)
    return skipped.reason


# Plain text


def test_text(tmp_path):
    article = one(tmp_path, "deep/folder/tram.txt", NEWS)
    assert article.id == "deep/folder/tram"
    assert (article.title, article.byline, article.text) == ("Tram line opens", "Omar Said", NEWS)


def test_a_section_under_the_title_is_furniture(tmp_path):
    text = NEWS.replace("By Omar Said", "Culture and Arts\n7 February 2023")
    article = one(tmp_path, "tram.txt", text)
    assert [text[m.start : m.end] for m in article.boilerplate] == ["Culture and Arts"]
    assert (article.title, article.published) == ("Tram line opens", date(2023, 2, 7))


def test_upper_case_suffix(tmp_path):
    assert one(tmp_path, "TRAM.TXT", NEWS).id == "TRAM"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", NEWS),
        ("utf-8-sig", NEWS),
        ("utf-16", NEWS),
        ("utf-32", NEWS),
        (
            "cp1252",
            "L’été à Brest\n\nL’économie a ralenti après l’été, dit l’Élysée : 3 € de plus.\n",
        ),
        ("cp1252", "The minister’s “plan” — he said — costs £5m\n\nIt may rise to €3m more.\n"),
        ("cp1252", "A reunião em São Paulo\n\nNão há razões, disse o ministro amanhã.\n"),
        ("cp1252", "Møte på Gjøvik\n\nMøtet holdes på Gjøvik, sier Bjørn Åse.\n"),
        ("cp1250", "Předseda v Brně\n\nŘekl, že schůzka se uskuteční příští úterý.\n"),
        ("cp1250", "Győri találkozó\n\nA miniszterelnök szerint jövő héten lesz, őszintén.\n"),
        ("latin-1", "Straße gesperrt\n\nDer Präsident erklärte, die Überprüfung sei möglich.\n"),
        ("cp1251", "Мост открыт\n\nПрезидент заявил, что встреча состоится завтра в Москве.\n"),
        ("cp1250", "Most w Łodzi\n\nPrezydent powiedział, że spotkanie odbędzie się jutro.\n"),
        ("cp932", "鉄道橋が開通\n\n日本の首相は明日会談する予定だ。東京で行われる。\n"),
        ("gb18030", "桥梁开通\n\n中国国家主席明天将访问北京，并发表讲话。\n"),
        ("cp1256", "افتتاح الجسر\n\nقال الرئيس إن الاجتماع سيعقد غدا في العاصمة.\n"),
    ],
)
def test_encodings(tmp_path, encoding: str, text: str):
    assert one(tmp_path, "a.txt", text.encode(encoding)).text == text


def test_line_ends_and_accents_stay_as_they_are(tmp_path):
    text = "Cafe\u0301 closes\r\n\r\nIt closed on Monday.\rOld line end.\n"
    assert one(tmp_path, "a.txt", text).text == text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        ("\u00a0\u200b\n".encode(), "empty"),
        (b"\xff\xfe", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8, "an image"),
        (b"%PDF-1.4\n1 0 obj", "a PDF"),
        (b"{\\rtf1\\ansi Trams ran}", "RTF"),
        (b"PK\x03\x04word/document.xml", "Office"),
        (b"text with a NUL \x00 in it, from a broken disk", "not text"),
        (gzip.compress(NEWS.encode() * 50), "gzip"),
        (hashlib.shake_128(b"noise").digest(4000), "not text"),
        (b"\xff\xfean odd number of byte", "not text"),
        (b"MZ\x90\x03\x04" + b"\x01\x02\x03\x1f" * 100, "not text"),
    ],
)
def test_refused_text(tmp_path, content: bytes, why: str):
    assert why in refused(tmp_path, "bad.txt", content)


def test_too_large_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(qa.articles, "MOST_BYTES", 100)
    assert "MB" in refused(tmp_path, "big.txt", b"word " * 30)


def test_unknown_kind_is_refused_by_name(tmp_path):
    assert ".jsonl" in refused(tmp_path, "a.docx", b"x")


def test_missing_file_and_way_out_are_refused(tmp_path):
    inside = tmp_path / "articles"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("Secret text.")
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    (inside / "loop.txt").symlink_to(inside / "loop.txt")
    for path, why in [
        ("gone.txt", "cannot be read"),
        ("../secret.txt", "out of the articles folder"),
        ("link.txt", "out of the articles folder"),
        ("loop.txt", "cannot be read"),
    ]:
        reading = read_file(inside, path)
        assert not reading.articles
        assert why in reading.skipped[0].reason


def test_a_pipe_is_refused_and_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not an ordinary file" in read_file(tmp_path, "pipe.txt").skipped[0].reason


# Markdown

FRONT = """---
title: "Tram line opens"
source: The Daily Ledger
published: 1999-11-02T10:00:00+02:00
url: https://ledger.example/tram
author: [Omar Said, Li Wei]
---
"""


def test_markdown(tmp_path):
    text = (
        FRONT + "\n# Tram line opens\n\n![A tram](tram.jpg)\n\n<!-- hidden -->\n\n"
        "Trams ran on Monday.\n\n"
        "[1]: https://ledger.example/map\n"
    )
    article = one(tmp_path, "tram.md", text)
    assert article.id == "tram.md"
    assert article.title == "Tram line opens"
    assert article.source == "The Daily Ledger"
    assert article.byline == "Omar Said, Li Wei"
    assert article.published == date(1999, 11, 2)
    assert article.url == "https://ledger.example/tram"
    marked = [text[m.start : m.end] for m in article.boilerplate]
    assert marked == [
        FRONT,
        "![A tram](tram.jpg)",
        "<!-- hidden -->",
        "[1]: https://ledger.example/map",
    ]
    quotable = "".join(p.text for p in passages(article, 120))
    assert "Trams ran on Monday." in quotable
    assert "hidden" not in quotable
    titles = [text[m.start : m.end] for m in article.marks if m.role is Role.TITLE]
    assert titles == ["# Tram line opens"]


def test_markdown_without_front_matter(tmp_path):
    article = one(tmp_path, "a.markdown", "# Tram line *opens*\n\nBy Omar Said\n\nIt ran.\n")
    assert (article.title, article.byline) == ("Tram line *opens*", "Omar Said")


@pytest.mark.parametrize(
    ("front", "title", "published"),
    [
        ("title: Trams: back again\ndate: July 17, 2013", "Trams: back again", date(2013, 7, 17)),
        ("title: [unclosed\npublished: 2013-13-45", "[unclosed", None),
        ("title: 1984\npublished: 1984-01-02", "1984", date(1984, 1, 2)),
        ("title:\npublished: someday", "It ran.", None),
        ("Title: X\nSource: {name: Y}", "X", None),
    ],
)
def test_careless_front_matter(tmp_path, front: str, title: str, published):
    article = one(tmp_path, "a.md", f"---\n{front}\n---\nIt ran.\n")
    assert (article.title, article.published) == (title, published)
    assert [p.text for p in passages(article, 120)] == ["It ran."]


def test_text_between_rules_is_no_front_matter(tmp_path):
    article = one(tmp_path, "a.md", "---\nTrams ran again on Monday.\n---\nNobody was hurt.\n")
    assert "Trams ran again on Monday." in passages(article, 120)[0].text


# HTML

PAGE = """<!DOCTYPE html><html><head><meta charset="%s">
<title>Tram line opens | The Daily Ledger</title>
<meta property="og:title" content="Tram line opens">
<meta property="og:site_name" content="The Daily Ledger">
<meta name="author" content="Omar Said">
<meta property="article:published_time" content="1999-11-02T10:00:00Z">
<link rel="canonical" href="https://ledger.example/tram"></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>Tram line opens</h1>
<p>Trams ran through the old town on Monday after 41 years, to the café’s delight.</p>
<p>The line is 3.1 kilometres long and cost 41 million crowns, the council said on Monday.</p>
<p>READ MORE: Why the trams had gone</p>
<p>Some 4,000 people rode on the first day, and the last tram left at midnight, as in 1958.</p>
</article><footer>Copyright 1999 The Daily Ledger</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "nonsense"])
def test_html(tmp_path, charset: str):
    coded = (PAGE % charset).encode("cp1252" if charset == "windows-1252" else "utf-8")
    article = one(tmp_path, "tram.html", coded)
    assert article.id == "tram.html"
    assert article.title == "Tram line opens"
    assert article.source == "The Daily Ledger"
    assert article.byline == "Omar Said"
    assert article.published == date(1999, 11, 2)
    assert article.url == "https://ledger.example/tram"
    assert "café’s delight" in article.text
    assert "World" not in article.text
    quotable = "".join(p.text for p in passages(article, 120))
    assert "41 million crowns" in quotable
    assert "READ MORE" not in quotable


def test_page_saved_as_text(tmp_path):
    article = one(tmp_path, "tram.txt", PAGE % "utf-8")
    assert article.id == "tram"
    assert article.source == "The Daily Ledger"
    assert "<p>" not in article.text


def test_page_behind_a_wrapper_and_text_called_a_page(tmp_path):
    wrapped = "<DOCUMENT>\n<TYPE>EX-99.1\n<TEXT>\n" + PAGE % "utf-8" + "</TEXT></DOCUMENT>"
    assert one(tmp_path, "tram.html", wrapped).title == "Tram line opens"
    text = "Tram line opens\n\nTrams ran again on Monday after 41 years, the council said.\n"
    article = one(tmp_path, "b.html", text)
    assert article.title == "Tram line opens"
    assert "Trams ran again" in passages(article, 120)[0].text


def test_page_of_a_wrong_charset(tmp_path):
    article = one(tmp_path, "tram.html", (PAGE % "iso-8859-1").encode())
    assert "café’s delight" in article.text


def test_heading_that_is_no_headline(tmp_path):
    page = (PAGE % "utf-8").replace('<meta property="og:title" content="Tram line opens">', "")
    article = one(tmp_path, "tram.html", page.replace("<h1>Tram line opens</h1>", "<h1>Menu</h1>"))
    assert article.title == "Tram line opens"


def test_layout_by_a_table(tmp_path):
    page = re.sub(r"<(/?)article>", r"<\1article>", PAGE % "utf-8")
    page = re.sub(r"<p>(.*?)</p>", r"<table><tr><td>\1</td></tr></table>", page)
    article = one(tmp_path, "tram.html", page)
    assert "The line is 3.1 kilometres long" in article.text
    assert "|" not in article.text


def test_short_html(tmp_path):
    article = one(tmp_path, "a.htm", "<html><body><p>Trams ran again on Monday.</p></body></html>")
    assert article.text.strip() == "Trams ran again on Monday."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"<html><body><script>var a = 1;</script></body></html>", "no article"),
        (b"<html></html>", "no article"),
        (b"<<<<>>>>", "no article"),
        (b"\x00\x01\x02", "not text"),
    ],
)
def test_refused_html(tmp_path, content: bytes, why: str):
    assert why in refused(tmp_path, "a.html", content)


# PDF


def test_pdf(tmp_path):
    body = [
        f"Line {n} says that the trams of the old town ran again on Monday and Tuesday."
        for n in range(20)
    ]
    pages = [
        [
            "THE DAILY LEDGER - MONDAY 2 NOVEMBER 1999",
            *(["Tram line opens", "", "By Omar Said", ""] if not number else []),
            *body[5 * number : 5 * number + 5],
            "",
            f"Page {number + 1} of 4",
        ]
        for number in range(4)
    ]
    article = one(tmp_path, "tram.pdf", make_pdf(pages, author="Omar Said"))
    assert article.id == "tram.pdf"
    assert article.byline == "Omar Said"
    quotable = "\n".join(p.text for p in passages(article, 120))
    assert quotable.count("THE DAILY LEDGER") == 1
    assert "Page" not in quotable
    assert all(line in quotable for line in body)


def test_pdf_accents(tmp_path):
    article = one(tmp_path, "a.pdf", make_pdf([["Café “Zürich” opens", "It opened on Monday."]]))
    assert "Café “Zürich” opens" in article.text
    assert article.title == "Café “Zürich” opens"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"%PDF-1.4\nbroken", "not a PDF"),
        (b"just text", "not a PDF"),
        (make_pdf([[]]), "scan"),
        (make_pdf([["Secret"]])[:300], "not a PDF|scan"),
        (encrypted(make_pdf([["Secret text"]])), "encrypted"),
    ],
    ids=["empty", "broken", "text", "scan", "cut", "encrypted"],
)
def test_refused_pdf(tmp_path, content: bytes, why: str):
    reason = refused(tmp_path, "a.pdf", content)
    assert any(part in reason for part in why.split("|"))


# JSON lines


def test_jsonl(tmp_path):
    records = [
        {
            "id": "tram-1",
            "title": "Tram line opens",
            "text": "Trams ran on Monday.\r\n\r\nREAD MORE: x",
            "source": "The Daily Ledger",
            "published": "1999-11-02",
            "url": "https://ledger.example/1",
            "byline": "Omar Said",
        },
        {"text": "Bus fares rise\n\nFares rise in May."},
        {"id": 7, "text": "Half a pair \ud800 and a NUL \x00 here."},
    ]
    lines = [json.dumps(record).encode() for record in records]
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\r\n\r\n".join(lines) + b"\n")
    reading = read_file(tmp_path, "a.jsonl")
    assert reading.skipped == ()
    first, second, third = reading.articles
    for article in reading.articles:
        check(article)
    assert (first.id, first.title, first.source) == (
        "tram-1",
        "Tram line opens",
        "The Daily Ledger",
    )
    assert (first.published, first.byline) == (date(1999, 11, 2), "Omar Said")
    assert first.text == records[0]["text"]
    assert first.sha256 == hashlib.sha256(lines[0]).hexdigest()
    assert [first.text[m.start : m.end] for m in first.boilerplate] == ["READ MORE: x"]
    assert (second.id, second.title) == ("a.jsonl#3", "Bus fares rise")
    assert third.id == "7"
    assert third.text == "Half a pair \ufffd and a NUL \ufffd here."


def test_one_bad_record_does_not_stop_the_rest(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(
        b'{"id": "1", "text": "First text."}\n'
        b"{broken\n"
        b'["a list"]\n'
        b'{"id": "2"}\n'
        b'{"id": "3", "text": "  "}\n'
        b'{"id": "1", "text": "Same id."}\n'
        b'{"id": "4", "text": "\xff\xfe"}\n'
        b'{"id": "5", "text": "Last text.", "published": {"odd": 1}, "title": ["T", "U"],'
        b' "url": 5}\n' + b"[" * 100_000 + b"\n"
    )
    reading = read_file(tmp_path, "a.jsonl")
    assert [article.id for article in reading.articles] == ["1", "5"]
    assert reading.articles[1].title == "T, U"
    reasons = [skipped.reason for skipped in reading.skipped]
    assert len(reasons) == 7
    for reason, (line, why) in zip(
        reasons,
        [
            (2, "JSON"),
            (3, "object"),
            (4, "no text"),
            (5, "no text"),
            (6, "line 1"),
            (7, "JSON"),
            (9, "JSON"),
        ],
        strict=True,
    ):
        assert f"a.jsonl, line {line}:" in reason
        assert why in reason


def test_empty_jsonl_is_refused(tmp_path):
    assert "empty" in refused(tmp_path, "a.jsonl", b"\n\n")
