"""What the reader is shown above a passage."""

import qa
from qa.articles import read
from qa.heads import MOST, TITLE, head, lines
from qa.passages import passages

TITLE_LINE = "Salmon seen above Kettle Falls"
LEAD = "Eleven days after the Barlow Dam was trucked away, a biologist saw a chinook salmon."
BEFORE = "The utility had worked out what repairs would cost, three times as much."
STORY = f"""{TITLE_LINE}

By Joaquin Whitehorse

{LEAD}

No salmon had been able to get past the site since 1921.

{BEFORE}

It was 140 feet high and had no fish ladder.
"""


def cut(tmp_path, words=20, text=STORY):
    (tmp_path / "dam.txt").write_text(text)
    (article,) = read(tmp_path, "dam.txt")
    return article, passages(article, words)


def passage_with(found, text):
    return next(passage for passage in found if text in passage.text)


def test_a_later_passage_has_title_first_sentence_and_the_one_before(tmp_path):
    article, found = cut(tmp_path)
    last = passage_with(found, "140 feet")
    assert BEFORE not in last.text
    assert head(article, last) == f"{TITLE_LINE}\n{LEAD}\n{BEFORE}"


def test_what_the_passage_holds_is_not_said_twice(tmp_path):
    article, found = cut(tmp_path)
    assert head(article, passage_with(found, LEAD)) == TITLE_LINE
    second = passage_with(found, "since 1921")
    assert LEAD not in second.text
    assert head(article, second) == f"{TITLE_LINE}\n{LEAD}"


def test_an_article_without_running_text_has_its_title(tmp_path):
    article, found = cut(tmp_path, text="Prices\n\nBread 2.10\n\nMilk 1.30\n\nEggs 3.00\n")
    assert {head(article, passage) for passage in found} == {article.title}


def test_lines_are_cut_to_size_the_last_at_its_end():
    shown = lines("T" * 999, "first " * 99, "last " * 99 + "end")
    title, first, last = shown.split("\n")
    assert (len(title), len(first), len(last)) == (TITLE, MOST, MOST)
    assert first.startswith("first")
    assert last.endswith("end")
    assert lines("") == ""
    assert lines("", "too short") == ""


def test_a_passage_is_read_with_its_head_and_quoted_without(tmp_path):
    (tmp_path / "dam.txt").write_text(STORY)
    qa.build(tmp_path, tmp_path / "index")
    seen = []
    pipeline = qa.load(tmp_path / "index")
    margins = pipeline.reader.margins
    pipeline.reader.margins = lambda requests: seen.extend(requests) or margins(requests)
    answer = pipeline.ask("How high was the Barlow Dam?", threshold=0.0)
    assert all(
        shown == head(pipeline.index.snapshot().article(passage.article_id), passage)
        for request in seen
        for shown, passage in zip(request.heads, request.passages, strict=True)
    )
    assert answer.citations[0].quote in STORY
