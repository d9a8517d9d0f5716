from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import CitationError, QAError
from qa.types import Answer, Article, Citation, Mark, Passage, Reason, Role, Scope, Span

TEXT = "Talks resumed. Alex Lee chaired them.\r\n\r\nThe end."


def article(text=TEXT, **fields):
    return Article(id="a", title="Talks", text=text, path="a.txt", sha256="0" * 64, **fields)


def passage(text=TEXT):
    return Passage("a#0", "a", 0, len(text), text)


def citation(start, end, quote, at=15, sentence="Alex Lee chaired them.", *, text=TEXT):
    return Citation(article(text), passage(text), quote, start, end, sentence, at)


# -- Citation


def test_a_true_citation_is_made():
    made = citation(15, 23, "Alex Lee")
    assert made.article.text[made.start : made.end] == made.quote
    assert made.paragraph == 1


@pytest.mark.parametrize(
    ("start", "end", "quote", "sentence_start", "sentence"),
    [
        (15, 23, "Alex Leo", 15, "Alex Lee chaired them."),  # not what stands there
        (14, 22, "Alex Lee", 15, "Alex Lee chaired them."),  # off by one
        (15, 15, "", 15, "Alex Lee chaired them."),  # nothing
        (15, 23, "Alex Lee", 15, "Alex Lee chairs them."),  # sentence altered
        (0, 5, "Talks", 15, "Alex Lee chaired them."),  # outside its sentence
        (15, 23, "Alex Lee", 15, "Alex"),  # longer than its sentence
        (900, 908, "Alex Lee", 15, "Alex Lee chaired them."),  # outside the text
        (15 - len(TEXT), 23 - len(TEXT), "Alex Lee", 0 - len(TEXT), TEXT[:-1]),  # from the end
    ],
)
def test_a_false_citation_raises(start, end, quote, sentence_start, sentence):
    with pytest.raises(CitationError, match="quotation") as raised:
        citation(start, end, quote, sentence_start, sentence)
    assert isinstance(raised.value, QAError)


@given(st.text(max_size=40), st.data())
def test_any_cut_is_a_citation_and_any_other_text_is_none(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = data.draw(st.one_of(st.just(text[start:end]), st.text(max_size=5)))
    if quote and quote == text[start:end]:
        assert citation(start, end, quote, 0, text, text=text).quote == quote
    else:
        with pytest.raises(CitationError):
            citation(start, end, quote, 0, text, text=text)


# -- Answer


def test_an_answer_has_a_citation_and_silence_a_reason():
    cited = (citation(15, 23, "Alex Lee"),)
    assert Answer("Who?", "Alex Lee", 0.9, cited).text == "Alex Lee"
    assert Answer("Who?", None, 0.1, reason=Reason.NOT_ANSWERED).text is None


@pytest.mark.parametrize(
    ("text", "cited", "reason"),
    [
        ("Alex Lee", (), None),
        ("Alex Lee", (), Reason.NOT_ANSWERED),
        (None, (citation(15, 23, "Alex Lee"),), Reason.NOT_ANSWERED),
        (None, (), None),
    ],
)
def test_a_false_answer_raises(text, cited, reason):
    with pytest.raises(CitationError):
        Answer("Who?", text, 0.5, cited, reason=reason)


def test_stages_are_frozen():
    with pytest.raises(FrozenInstanceError):
        article().text = "altered"
    with pytest.raises(FrozenInstanceError):
        passage().start = 1


def test_a_span_is_cut_from_its_passage_by_the_offsets_of_the_article():
    inside = Passage("a#15", "a", 15, 37, TEXT[15:37])
    assert Span(inside, 15, 23, 1.0).text == TEXT[15:23] == "Alex Lee"


def test_only_boilerplate_is_boilerplate():
    marks = (Mark(0, 5, Role.TITLE), Mark(41, 49, Role.BOILERPLATE))
    assert article(marks=marks).boilerplate == marks[1:]


# -- paragraphs

breaks = st.lists(
    st.sampled_from(
        ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n \t\n", "\r\n\u3000\r\n", "\u2029"]
    ),
    min_size=1,
    max_size=3,
).map("".join)


@given(st.lists(st.tuples(st.sampled_from(["One.", " Two ", "三。", "é", "4"]), breaks)), breaks)
def test_paragraphs_are_the_lines_that_hold_something(written, lead):
    text, places = lead, []
    for body, gap in written:
        places.append((len(text), len(text) + len(body)))
        text += body + gap
    for number, (start, end) in enumerate(places, start=1):
        assert {article(text).paragraph(at) for at in range(start, end)} == {number}


def test_an_offset_before_any_text_or_in_an_empty_text_is_paragraph_one():
    assert article("\n\n  One").paragraph(0) == 1
    assert article("").paragraph(0) == 1


# -- Scope

JULY = date(2013, 7, 18)


@pytest.mark.parametrize(
    ("scope", "admitted"),
    [
        (Scope(), True),
        (Scope(sources=frozenset({"AFP", "AP"})), True),
        (Scope(sources=frozenset({"AP"})), False),
        (Scope(sources=frozenset()), False),
        (Scope(articles=frozenset({"a"})), True),
        (Scope(articles=frozenset({"b"})), False),
        (Scope(after=JULY), True),  # inclusive
        (Scope(before=JULY), True),
        (Scope(after=date(2013, 7, 19)), False),
        (Scope(before=date(2013, 7, 17)), False),
        (Scope(after=JULY, before=JULY, sources=frozenset({"AFP"})), True),
    ],
)
def test_scope_admits(scope, admitted):
    assert scope.admits(article(source="AFP", published=JULY)) is admitted
    assert scope.everything is (scope == Scope())


def test_undated_articles_are_kept_unless_they_are_not_wanted():
    assert Scope(after=JULY).admits(article())
    assert not Scope(after=JULY, undated=False).admits(article())
    assert not Scope(undated=False).admits(article())
