"""What is title, byline, dateline and boilerplate, on labelled articles of many kinds."""

import unicodedata
from pathlib import Path

import pytest
from articles.labelled import Labelled, all_labelled

from qa.articles.draft import Draft
from qa.articles.structure import described

ARTICLES = all_labelled()
SEEDS = Path(__file__).parents[2] / "seeds"


def by_name(article: Labelled) -> str:
    return article.name


def readable(text: str, marks) -> list[tuple[str, str]]:
    return [(mark.role.value, text[mark.start : mark.end]) for mark in marks]


def test_corpus_is_varied():
    assert len(ARTICLES) >= 25


@pytest.mark.parametrize("article", ARTICLES, ids=by_name)
def test_marks(article: Labelled):
    found = article.without_missed(described(Draft(article.text)).marks)
    assert readable(article.text, found) == readable(article.text, article.marks)
    assert found == list(article.marks)


@pytest.mark.parametrize("article", ARTICLES, ids=by_name)
def test_facts(article: Labelled):
    found = described(Draft(article.text))
    for name, expected in article.facts.items():
        assert str(getattr(found, name) or "-") == expected, name


@pytest.mark.parametrize("article", all_labelled("\r\n"), ids=by_name)
def test_windows_line_ends_change_nothing(article: Labelled):
    found = described(Draft(article.text))
    assert article.without_missed(found.marks) == list(article.marks)


@pytest.mark.parametrize("article", ARTICLES, ids=by_name)
def test_decomposed_accents_lose_no_answer(article: Labelled):
    """In NFD a mark may be missed, but no running text is marked."""
    text = unicodedata.normalize("NFD", article.text)
    expected = {unicodedata.normalize("NFD", article.text[a:b]) for a, b in article.missed}
    expected |= {unicodedata.normalize("NFD", m[1]) for m in readable(article.text, article.marks)}
    found = described(Draft(text))
    assert not {text[mark.start : mark.end] for mark in found.marks} - expected


SEED_MARKS = {
    "000_999b9fee6b16123a.txt": [
        ("title", "Cuba-US Migration Talks Held Despite NK Boat Seizure"),
        ("byline", "By Silvia Ayuso"),
        ("dateline", "HAVANA TIMES —"),
    ],
    "004_1693300fdb8ebbac.txt": [
        ("title", "US, Cuba hold first high-level talks in four years, discuss migration"),
        (
            "boilerplate",
            (
                "Cuban authorities want to see the US follow through on its plan to restore"
                " consular services in Havana."
            ),
        ),
        ("boilerplate", "AFP"),
        (
            "boilerplate",
            (
                "READ MORE:\u00a0'We got it wrong': Cuban fashion brand apologises after migrant ad"
                " backlash"
            ),
        ),
        (
            "boilerplate",
            "READ MORE:\u00a0Cuba accuses US of seeking to destabilise the country",
        ),
        ("boilerplate", "Route 6"),
    ],
}


@pytest.mark.parametrize("gaps", [True, False], ids=["as it is", "without empty lines"])
@pytest.mark.parametrize("name", SEED_MARKS)
def test_seeds(name: str, *, gaps: bool):
    text = (SEEDS / name).read_text(encoding="utf-8")
    if not gaps:
        text = "\n".join(line for line in text.splitlines() if line.strip())
    found = described(Draft(text))
    assert readable(text, found.marks) == SEED_MARKS[name]
    # Of the sentence that stands twice, the caption's copy goes.
    if "AFP" in text:
        assert found.marks[1].start == text.index("Cuban authorities want")


def test_facts_of_the_seeds():
    first, second = (
        described(Draft((SEEDS / name).read_text(encoding="utf-8"))) for name in SEED_MARKS
    )
    assert (first.byline, first.source, first.published) == ("Silvia Ayuso", "Havana Times", None)
    assert (second.byline, second.source, second.published) == (None, None, None)
