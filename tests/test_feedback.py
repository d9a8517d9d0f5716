"""Feedback is kept, read back and turned into questions that `qa eval` reads."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing

import pytest

from qa.evaluate.datasets import load as read_questions
from qa.feedback import FeedbackError, FeedbackStore, export, latest, of, to_questions
from qa.types import Answer, Article, Citation, Passage, Reason

TEXT = "The bridge was opened in 1931. It is 300 metres long."
ARTICLE = Article("bridge", "Bridge", TEXT, "bridge.txt", "0" * 64)
PASSAGE = Passage("bridge#0", "bridge", 0, len(TEXT), TEXT)


def answered(question="When was it opened?", searched="When was the bridge opened?"):
    start = TEXT.index("1931")
    citation = Citation(ARTICLE, PASSAGE, "1931", start, start + 4, TEXT[:30], 0)
    return Answer(question, "1931", 0.9, (citation,), searched_as=searched, generation=7)


def abstained(question="Who built it?"):
    return Answer(question, None, 0.2, reason=Reason.NOT_ANSWERED, generation=7)


def test_a_row_says_what_was_answered_where_and_by_which_index(tmp_path):
    store = FeedbackStore(tmp_path / "deep" / "feedback.db")
    store.add(of(answered(), "right", "a-1", note=" fine\n"))
    (row,) = store.rows()
    assert (row.article, TEXT[row.start : row.end], row.confidence) == ("bridge", "1931", 0.9)
    assert (row.generation, row.sha256, row.note) == (7, "0" * 64, "fine")
    assert row.at.endswith("+00:00")


def test_no_file_is_no_row_and_a_foreign_file_is_an_error(tmp_path):
    assert FeedbackStore(tmp_path / "none.db").rows() == []
    (tmp_path / "text.db").write_text("not a database, but long enough to be looked at " * 30)
    with pytest.raises(FeedbackError, match=r"text\.db"):
        FeedbackStore(tmp_path / "text.db").rows()
    with pytest.raises(FeedbackError, match="text"):
        FeedbackStore(tmp_path / "text.db").add(of(answered(), "right", "a"))


def test_only_right_and_wrong_are_verdicts():
    with pytest.raises(FeedbackError, match="maybe"):
        of(answered(), "maybe", "a-1")


def test_the_last_row_of_an_answer_counts():
    rows = [
        of(answered(), "right", "a"),
        of(abstained(), "wrong", "b"),
        of(answered(), "wrong", "a", correction="in 1931"),
    ]
    assert [(row.key, row.verdict) for row in latest(rows)] == [("a", "wrong"), ("b", "wrong")]


@pytest.mark.parametrize(
    ("row", "answers"),
    [
        (of(answered(), "right", "k"), ["1931"]),
        (of(abstained(), "right", "k"), []),
        (of(answered(), "wrong", "k"), None),
        (of(answered(), "wrong", "k", correction="300 metres"), ["300 metres"]),
        (of(answered(), "wrong", "k", unanswerable=True), []),
        (of(abstained(), "wrong", "k", correction="1931"), ["1931"]),
    ],
)
def test_what_a_verdict_says_of_the_right_answer(row, answers):
    assert row.answers == answers
    assert [question["answers"] for question in to_questions([row])] == (
        [] if answers is None else [answers]
    )


def test_the_export_is_an_evaluation_file(tmp_path):
    store = FeedbackStore(tmp_path / "feedback.db")
    store.add(of(answered(), "right", "a"))
    store.add(of(abstained(), "right", "b"))
    store.add(of(answered(), "wrong", "c"))
    path = tmp_path / "questions.jsonl"
    assert export(store, path) == 2
    first, second = read_questions(path)
    assert (first.question, first.answers) == ("When was the bridge opened?", ("1931",))
    assert first.article == "bridge"
    assert second.answers == ()
    assert json.loads(path.read_text().splitlines()[0])["id"] == "feedback-a"


def test_hostile_words_are_only_words(tmp_path):
    store = FeedbackStore(tmp_path / "feedback.db")
    attack = "'); DROP TABLE feedback; --"
    store.add(of(answered(attack), "wrong", attack, note=attack, correction=attack))
    (row,) = store.rows()
    assert (row.question, row.key, row.note) == (attack, attack, attack)


def test_many_threads_lose_nothing(tmp_path):
    store = FeedbackStore(tmp_path / "feedback.db")
    threads = [
        threading.Thread(target=store.add, args=(of(answered(), "right", str(number)),))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(row.key) for row in store.rows()) == list(range(20))
    with closing(sqlite3.connect(store.path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
