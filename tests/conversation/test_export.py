"""A conversation written down as Markdown; nothing in it may become markup."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.conversation import Resolution, Turn, to_markdown
from qa.conversation.export import plain, safe_url
from qa.types import Answer, Article, Citation, Passage, Reason

TEXT = (
    "Title <script>alert(1)</script>\n\n"
    "The *mayor* [quit](javascript:alert(2)) on `Friday` <b>now</b>.\n"
)


def answered(question="Who?", title="T", url="https://example.org/a?b=1", quote="mayor"):
    article = Article(
        "a", title, TEXT, "a.txt", "0" * 64, "The Paper", "Ann Day", date(2024, 5, 2), url
    )
    passage = Passage("a#0", "a", 0, len(TEXT), TEXT)
    start, sentence = TEXT.index(quote), TEXT.index("The *")
    citation = Citation(
        article, passage, quote, start, start + len(quote), TEXT[sentence:].strip(), sentence
    )
    answer = Answer(question, quote, 0.91, (citation,), searched_as="Who is the mayor?")
    return Turn(question, Resolution("Who is the mayor?"), answer)


def abstained():
    answer = Answer(
        "Why <b>?", None, 0.1, reason=Reason.NOT_ANSWERED, explanation="None [says](x) so."
    )
    return Turn("Why <b>?", Resolution("Why <b>?"), answer)


def test_question_quotation_sentence_and_citation_are_there():
    text = to_markdown([answered()])
    assert "## 1\\. Who?" in text
    assert "**“mayor”**" in text
    assert "Searched as: Who is the mayor?" in text
    assert "— T, The Paper, Ann Day, 2024-05-02, ¶ 2, <https://example.org/a?b=1>" in text
    assert "**mayor**" in text.replace("“", "").replace("”", "")


def test_an_abstention_says_so():
    text = to_markdown([abstained()])
    assert "No answer: passages on the topic, but none answers this" in text
    assert "None \\[says\\]\\(x\\) so\\." in text


def test_hostile_text_stays_text():
    hostile = "<img src=x onerror=alert(1)> [a](javascript:b) ![c](d) <!-- `e` | # \u202e x"
    text = to_markdown(
        [answered(hostile, hostile, "javascript:alert(1)"), abstained()], title=hostile
    )
    for forbidden in ("<script", "<img", "<b>", "](", "<!--", "\u202e", "<javascript"):
        assert forbidden not in text
    assert not re.search(r"(?<!\\)<(?!https?://)", text)


def test_only_web_addresses_are_links():
    assert safe_url("https://a.org/ä b>c") == "https://a.org/%C3%A4b%3Ec"
    for bad in (
        None, "", "javascript:alert(1)", " java\nscript:x", "data:text/html,x", "//a.org", "http://",
        "https://[", "file:///etc/passwd",
    ):  # fmt: skip
        assert safe_url(bad) == ""


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_is_one_line_without_live_markup(text):
    shown = plain(text)
    assert len(shown.splitlines()) <= 1
    assert not re.search(r"[<\[`*_]", re.sub(r"\\.", "", shown))
