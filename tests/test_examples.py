"""Example questions: their grammar, that they are checked, and that they are always the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from index_world import built

from qa.examples import MOST_ASKED, example_questions, questions_of
from qa.types import Answer, Citation, Reason

HERE = Path(__file__).parent
FOLDERS = (HERE.parent / "seeds", HERE / "conversation" / "articles")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "articles").mkdir()
    for path in sorted(path for place in FOLDERS for path in place.glob("*.txt")):
        shutil.copy(path, folder / "articles")
    return built(folder / "articles", folder / "index")


class Knowing:
    """Answers what it was told, from where it stands; a stand-in that computes."""

    def __init__(self, shelf, confidence=0.9):
        self.shelf = shelf
        self.confidence = confidence
        self.asked = []

    def __call__(self, question):
        self.asked.append(question)
        for info in self.shelf.articles():
            article = self.shelf.article(info.id)
            for passage in self.shelf.passages(info.id):
                for made, answer, _ in questions_of(passage.text, article.text):
                    start = article.text.find(answer, passage.start)
                    if made == question and start >= 0:
                        end = start + len(answer)
                        citation = Citation(article, passage, answer, start, end, answer, start)
                        return Answer(question, answer, self.confidence, (citation,))
        return Answer(question, None, 0.1, reason=Reason.NOT_ANSWERED)


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "Its future is open, but the director of the Hill Museum, Ann Bell, said no.",
            "Who is the director of the Hill Museum?",
            "Ann Bell",
        ),
        (
            "Ann Bell, director of the Hill Museum, said no.",
            "Who is the director of the Hill Museum?",
            "Ann Bell",
        ),
        ("Bellamy runs 612 shops and sells pies.", "How many shops does Bellamy run?", "612"),
        (
            "The Hill Museum lost about 40 pictures in the fire.",
            "How many pictures did The Hill Museum lose in the fire?",
            "about 40",
        ),
        ("The Aurora was built in 1998 in Gdansk.", "When was the Aurora built?", "in 1998"),
        (
            "Norland closed the port because the water was too low.",
            "Why did Norland close the port?",
            "the water was too low",
        ),
    ],
)
def test_a_sentence_becomes_a_question(sentence, question, answer):
    found = [(made.lower(), given) for made, given, _ in questions_of(sentence)]
    assert (question.lower(), answer) in found


@pytest.mark.parametrize(
    "sentence",
    [
        "He runs 612 shops.",  # who is he?
        "It was built in 1998.",
        "“Bellamy runs” nothing, he said.",
        "The company closed the port because the water was too low.",  # names nothing
        "",
        "!!!",
        "Over the years I’ve owned about 40 pictures in Bellamy.",
        "Bellamy, Krone, Redwater, Marlow and others, said nothing, because of, of, of",
    ],
)
def test_what_cannot_stand_alone_is_not_asked(sentence):
    assert list(questions_of(sentence)) == []


def test_only_the_office_of_one_person_is_asked_for():
    sentence = "He wrote to the governors of the Hill Museum, Ann Bell, and left."
    assert not [made for made, _, _ in questions_of(sentence) if made.startswith("Who")]


def test_examples_are_asked_once_spread_and_bounded(shelf):
    ask = Knowing(shelf)
    made = example_questions(shelf, 4, ask)
    assert len(made) == len(set(made)) == 4
    assert len(ask.asked) <= 4 * MOST_ASKED
    assert made == example_questions(shelf, 4, Knowing(shelf))
    cited = {ask(question).citations[0].article.id for question in made}
    assert len(cited) == 4


def test_nothing_is_offered_that_is_not_answered_for_sure(shelf):
    assert example_questions(shelf, 4, Knowing(shelf, confidence=0.5)) == []


def test_the_real_pipeline_answers_what_it_offers(pipeline):
    made = example_questions(pipeline.index.snapshot(), 6, pipeline.ask)
    for question in made:
        assert question.endswith("?")
        assert pipeline.ask(question).text is not None
    assert made == example_questions(pipeline.index.snapshot(), 6, pipeline.ask)
