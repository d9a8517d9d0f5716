import difflib
from collections import Counter
from dataclasses import replace

import pytest

from qa.evaluate.datasets import Question
from qa.evaluate.swap_kinds import Census, Kind, things
from qa.evaluate.swaps import swap
from qa.names import roots
from qa.text import words

ARTICLES = {
    "treaty": "The treaty was signed in Paris in 1951 by Robert Marsh. France paid 1,200 francs. "
    "The French minister left in March, and 35 of the guests stayed.",
    "flood": "A flood hit the harbour in Lyon in 1962. Mary Stone lost her house. "
    "Italy sent 3,400 blankets in October; people in Lyon and near Lyon were grateful.",
    "bridge": "The bridge in Ghent was built in 1970. In April, 48 workers from Cuba came. "
    "Thomas Hill drew it. Trams run in Ghent, and boats near Ghent.",
    "school": "Harvard College opened in 1945. Later Dover College followed, near Paris, "
    "where David Rowe taught. Rents in Paris and houses near Paris are dear. It has 52 rooms.",
}
QUESTIONS = [
    Question("year", "What was signed in 1951?", ("The treaty",), "treaty"),
    Question("place", "When was the treaty signed in Paris?", ("1951",), "treaty"),
    Question("person", "What did the treaty of Robert Marsh cost?", ("1,200 francs",), "treaty"),
    Question("nation", "Which month did the French minister leave?", ("March",), "treaty"),
    Question("country", "How much was paid by France?", ("1,200 francs",), "treaty"),
    Question("number", "What did 35 guests do?", ("stayed",), "treaty"),
    Question("month", "Where did workers go in April?", ("Ghent",), "bridge"),
    Question("college", "When did Harvard College open?", ("1945",), "school"),
]


def only(question, seed=0):
    return swap([question], ARTICLES, seed)


@pytest.mark.parametrize(
    ("name", "kind", "new"),
    [
        ("year", "year", {"1962", "1970", "1945"}),
        ("place", "place", {"Ghent", "Lyon"}),
        ("person", "person", {"Mary Stone", "Thomas Hill", "David Rowe"}),
        ("nation", "nationality", None),
        ("country", "country", None),
        ("number", "number", {"48", "52"}),
        ("month", "month", None),
        ("college", "organisation", set()),  # the other college stands in the same article
    ],
)
def test_one_thing_is_swapped_for_another_of_its_kind(name, kind, new):
    (question,) = [question for question in QUESTIONS if question.id == name]
    made = swap(QUESTIONS, ARTICLES)
    found = {q.id: q for q in made.questions}.get(f"{name}~swap")
    if new == set():
        assert found is None
        assert made.skipped["nothing fits in its place"] == 1
        return
    assert found is not None
    assert (found.answers, found.article) == ((), question.article)
    assert found.kind == f"swap: {kind}"
    old_words, new_words = question.question.split(), found.question.split()
    changes = [
        " ".join(new_words[j1:j2]).strip("?")
        for tag, _, _, j1, j2 in difflib.SequenceMatcher(None, old_words, new_words).get_opcodes()
        if tag != "equal"
    ]
    assert len(changes) == 1
    if new:
        assert changes[0] in new


def test_what_comes_in_does_not_stand_in_the_article_in_any_form():
    for seed in range(30):
        for question in swap(QUESTIONS, ARTICLES, seed).questions:
            old = next(q for q in QUESTIONS if q.id == question.id.removesuffix("~swap"))
            added = set(words(question.question)) - set(words(old.question))
            said = {form for word in words(ARTICLES[old.article]) for form in roots(word)}
            assert added
            assert not said & {form for word in added for form in roots(word)}


def test_the_same_seed_gives_the_same_swaps_whatever_the_order():
    made = swap(QUESTIONS, ARTICLES, seed=3)
    again = swap(QUESTIONS[::-1], dict(reversed(ARTICLES.items())), seed=3)
    assert sorted(made.questions, key=lambda q: q.id) == sorted(again.questions, key=lambda q: q.id)
    assert any(swap(QUESTIONS, ARTICLES, seed=s).questions != made.questions for s in range(4, 9))


def test_every_answerable_question_is_counted_once():
    unanswerable = replace(QUESTIONS[0], id="none", answers=())
    made = swap([*QUESTIONS, unanswerable], ARTICLES)
    assert sum(made.counts.values()) == len(made.questions)
    assert len(made.questions) + sum(made.skipped.values()) == len(QUESTIONS)
    assert made.counts == dict(
        sorted(Counter(q.kind.removeprefix("swap: ") for q in made.questions).items())
    )


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (Question("1", "What was signed?", ("The treaty",), "treaty"), "names nothing"),
        (Question("2", "What was signed since 1951?", ("x",), "treaty"), "names nothing"),
        (Question("3", "Were at least 35 guests there?", ("x",), "treaty"), "names nothing"),
        (Question("4", "What happened in 1962?", ("x",), "treaty"), "names nothing"),  # not its own
        (Question("5", "When?", ("1951",), "elsewhere"), "not known"),
        (Question("6", "When?", ("1951",), None), "not known"),
        (Question("7", "Was it Paris or Rome?", ("Paris",), "treaty"), "its own answer"),
        (Question("8", "Paris saw what?", ("x",), "treaty"), "names nothing"),  # opens it
    ],
)
def test_doubtful_questions_are_left_alone(question, reason):
    made = only(question)
    assert made.questions == ()
    ((said, count),) = made.skipped.items()
    assert reason in said
    assert count == 1


def test_nothing_comes_in_that_another_article_answers():
    # Another article says of 1962 what was asked of 1951, so 1962 may not come in.
    articles = {
        **ARTICLES,
        "rival": "The treaty on wine was signed in 1962 as well.",
        "other": "Nothing happened in 1957.",
    }
    question = QUESTIONS[0]
    found = {swap([question], articles, seed).questions[0].question for seed in range(40)}
    assert "What was signed in 1957?" in found
    assert "What was signed in 1962?" not in found


def test_the_article_agrees_with_its_name():
    question = Question("a", "Where did a French minister go?", ("x",), "treaty")
    found = {only(question, seed).questions[0].question for seed in range(60)}
    assert any(text.startswith("Where did an ") for text in found)
    for text in found:
        article, name = text.removeprefix("Where did ").split()[:2]
        assert article == ("an" if name[0] in "AEIOU" else "a")


def test_kinds_are_told_by_lists_words_and_votes():
    census = Census(
        [
            "We met in Ghent. Boats go to Ghent, in Ghent, near Ghent and at Ghent.",
            "He saw NATO in NATO, in NATO and in NATO. It was in English, in English, in English.",
        ]
    )
    expected = {
        "Ghent": Kind.PLACE,
        "Cuba": Kind.COUNTRY,
        "Cuban": Kind.NATIONALITY,
        "Mr. Hill": Kind.PERSON,
        "Mary Stone": Kind.PERSON,
        "Stanley Cup": None,
        "Bank of England": Kind.ORGANISATION,
        "Congress": None,
        "NATO": None,
        "English": None,
        "Zorblax": None,
    }
    assert {name: census.kind(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What happened in 1951?", ["1951"]),
        ("In the 19th century", []),
        ("In the 1950s?", []),
        ("Which 20 centuries?", []),
        ("It cost $35 or 3.5-fold", []),
        ("Did 1,200 people come in May?", ["1,200", "May"]),
        ("The Stanley Cup, the Mary Stone prize", []),
        ("Cuba won", []),  # opens the sentence
    ],
)
def test_what_can_be_swapped(text, expected):
    assert [thing.text for thing in things(text, Census([]))] == expected
