"""Equal requests are computed once, as long as the articles are the same."""

from __future__ import annotations

from dataclasses import dataclass, field

import qa
from qa.pipeline import Asked
from qa.types import Answer, Reason, Scope
from qa.web.recall import Recall


@dataclass
class Counting:
    """A pipeline that answers with what it was asked, and counts."""

    generation: int = 1
    asked: list = field(default_factory=list)

    @property
    def index(self):
        return self

    def snapshot(self):
        return self

    def ask_many(self, asked):
        self.asked.append([one.question for one in asked])
        return [
            Answer(
                one.question, None, 0.0, reason=Reason.NOT_ANSWERED, generation=self.generation,
                explanation=f"{one.scope.sources} {one.threshold} {one.keep} {one.searched_as}",
                seconds={"read": 0.1},
            )
            for one in asked
        ]  # fmt: skip


def test_the_same_question_is_computed_once():
    pipeline = Counting()
    recall = Recall(pipeline)
    one, two = Asked("one"), Asked("two")
    assert one not in recall
    assert recall.known(one) is None
    answers = recall.ask_many([one, two, one, Asked("one")])
    assert [answer.question for answer in answers] == ["one", "two", "one", "one"]
    assert pipeline.asked == [["one", "two"]]
    assert one in recall
    again = recall.known(one)
    assert again == answers[0]
    assert set(again.seconds) == {"recall"}  # it does not claim to have read anything
    assert [a.question for a in recall.ask_many([two, Asked("three")])] == ["two", "three"]
    assert pipeline.asked[1:] == [["three"]]


def test_another_request_or_another_state_of_the_articles_is_computed_anew():
    pipeline = Counting()
    recall = Recall(pipeline)
    requests = [
        Asked("q"), Asked("q", Scope(sources=frozenset({"Post"}))), Asked("q", threshold=0.3),
        Asked("q", keep=("a#1",)), Asked("q", searched_as="p"), Asked("Q"),
    ]  # fmt: skip
    answers = recall.ask_many(requests)
    assert len({answer.explanation for answer in answers}) == 5
    assert pipeline.asked == [["q", "q", "q", "q", "q", "Q"]]
    pipeline.generation = 2
    assert recall.known(requests[0]) is None
    assert recall.ask_many(requests[:1])[0].generation == 2
    assert recall.known(requests[0]).generation == 2


def test_the_longest_unasked_is_forgotten_first():
    recall = Recall(Counting(), most=2)
    one, two, three = Asked("one"), Asked("two"), Asked("three")
    recall.ask_many([one, two])
    recall.known(one)
    recall.ask_many([three])
    assert [asked in recall for asked in (one, two, three)] == [True, False, True]


def test_without_room_everything_is_computed():
    pipeline = Counting()
    recall = Recall(pipeline, most=0)
    recall.ask_many([Asked("one"), Asked("one")])
    assert pipeline.asked == [["one", "one"]]
    assert recall.known(Asked("one")) is None


def test_over_real_articles_a_recalled_answer_is_the_same_and_goes_with_them(tmp_path):
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.txt").write_text("Mill sold\n\nAda Moss bought the mill of Perrin on Friday.\n")
    qa.build(articles, tmp_path / "index")
    pipeline = qa.load(tmp_path / "index")
    recall = Recall(pipeline)
    asked = Asked("Who bought the mill of Perrin?")
    first = recall.ask_many([asked])[0]
    assert first.text == "Ada Moss"
    assert recall.known(asked) == first == pipeline.ask(asked.question)
    (articles / "a.txt").write_text("Mill sold\n\nBo Reed bought the mill of Perrin on Friday.\n")
    pipeline.refresh()
    assert recall.known(asked) is None
    assert recall.ask_many([asked])[0].text == "Bo Reed"
