"""What is title, byline, dateline and boilerplate, on labelled articles of many kinds."""

import unicodedata

import pytest
from articles.labelled import Labelled, all_labelled

from qa.articles.draft import Draft
from qa.articles.structure import described

ARTICLES = all_labelled()


def by_name(article: Labelled) -> str:
    return article.name


def readable(text: str, marks) -> list[tuple[str, str]]:
    return [(mark.role.value, text[mark.start : mark.end]) for mark in marks]


def test_corpus_is_varied():
    assert len(ARTICLES) >= 25


@pytest.mark.parametrize("article", ARTICLES, ids=by_name)
def test_marks(article: Labelled):
    found = described(Draft(article.text))
    assert readable(article.text, found.marks) == readable(article.text, article.marks)
    assert found.marks == article.marks


@pytest.mark.parametrize("article", ARTICLES, ids=by_name)
def test_facts(article: Labelled):
    found = described(Draft(article.text))
    for name, expected in article.facts.items():
        assert str(getattr(found, name) or "-") == expected, name


@pytest.mark.parametrize("article", all_labelled("\r\n"), ids=by_name)
def test_windows_line_ends_change_nothing(article: Labelled):
    assert described(Draft(article.text)).marks == article.marks


@pytest.mark.parametrize("article", ARTICLES, ids=by_name)
def test_decomposed_accents_lose_no_answer(article: Labelled):
    """In NFD a mark may be missed, but no running text is marked."""
    text = unicodedata.normalize("NFD", article.text)
    expected = {unicodedata.normalize("NFD", m[1]) for m in readable(article.text, article.marks)}
    found = described(Draft(text))
    assert {text[mark.start : mark.end] for mark in found.marks} <= expected
