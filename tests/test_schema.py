"""The JSON form holds what the answer holds, and is what it says it is."""

from __future__ import annotations

import json
from datetime import date

from pydantic import TypeAdapter

from qa import schema
from qa.types import (
    Alternative,
    Answer,
    Article,
    Citation,
    Hit,
    Mark,
    Passage,
    Reason,
    Role,
)

TEXT = "Fire at mill\n\nThe mill burnt for 9 hours — “a night”, said 🔥 chief Ruiz."
ARTICLE = Article(
    "a/fire", "Fire at mill", TEXT, "a/fire.md", "f" * 64, "Post", "A. B.", date(2020, 2, 29),
    "https://post.example/fire", (Mark(0, 12, Role.TITLE),),
)  # fmt: skip
PASSAGE = Passage("a/fire#14", "a/fire", 14, len(TEXT), TEXT[14:])


def citation(quote):
    start = TEXT.index(quote)
    return Citation(ARTICLE, PASSAGE, quote, start, start + len(quote), TEXT[14:], 14)


ANSWER = Answer(
    "How long?", "9 hours", 0.83, (citation("9 hours"),),
    (Alternative("a night", 0.1, (citation("a night"),), 1),),
    (Hit(PASSAGE, 0.9, 1, dense=0.5),), explanation="Articles differ.", support=1, differs=True,
    searched_as="How long did the mill burn?", generation=3, seconds={"read": 0.25},
)  # fmt: skip
NONE = Answer("Why?", None, 0.0, reason=Reason.NOTHING_FOUND, hits=(Hit(PASSAGE, 0.1, 1),))


def test_every_field_is_there_and_of_its_type():
    adapter = TypeAdapter(schema.AnswerForm)
    for answer in (ANSWER, NONE):
        form = schema.to_dict(answer)
        assert adapter.validate_python(form, strict=True) == form
        assert set(form) == set(schema.AnswerForm.__annotations__)
        assert json.loads(json.dumps(form)) == form
    article = schema.article_form(ARTICLE)
    assert TypeAdapter(schema.ArticleForm).validate_python(article, strict=True) == article


def test_offsets_of_the_form_cut_the_quotation_out_of_the_article_form():
    text = schema.article_form(ARTICLE)["text"]
    form = schema.to_dict(ANSWER)
    others = [cited for other in form["alternatives"] for cited in other["citations"]]
    for cited in [*form["citations"], *others]:
        assert text[cited["start"] : cited["end"]] == cited["quote"]
        assert text[cited["sentence_start"] :].startswith(cited["sentence"])
        assert cited["paragraph"] == 2


def test_values():
    form = schema.to_dict(ANSWER)
    assert form["answered"] is True
    assert form["confidence_in_words"] == "high"
    assert form["citations"][0]["article"]["published"] == "2020-02-29"
    assert form["hits"][0] == {
        "rank": 1, "score": 0.9, "dense": 0.5, "sparse": None, "passage": "a/fire#14",
        "article": "a/fire", "start": 14, "end": len(TEXT), "text": TEXT[14:],
    }  # fmt: skip
    none = schema.to_dict(NONE)
    assert (none["answered"], none["text"], none["reason"]) == (False, None, Reason.NOTHING_FOUND)
    assert none["searched_as"] == "Why?"


def test_a_quote_check_keeps_its_differences(pipeline):
    check = pipeline.find_quote("it also repeated its call for the immediate release of Alan Gross")
    form = schema.quote_form(check)
    assert TypeAdapter(schema.QuoteForm).validate_python(form, strict=True) == form
    assert form["verdict"] == "edited"
    (difference, *_) = form["matches"][0]["differences"]
    article = pipeline.index.snapshot().article(form["matches"][0]["article"]["id"])
    assert article.text[difference["start"] : difference["end"]] == difference["found"]
    assert form["text"][difference["given_start"] : difference["given_end"]] == difference["given"]
