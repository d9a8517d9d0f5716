from __future__ import annotations

import pytest
import toy

from qa.errors import EvaluationError
from qa.train import mixture
from qa.train.data import Asked, Gold, Paragraph
from qa.train.reword import Thesaurus, reword

KNOWN = frozenset(
    "movie imprisoned imprison kid kids purchased purchase purchases shot large rapidly acquired "
    "riverside lender".split()
)


@pytest.fixture(scope="module")
def thesaurus(wordnet):
    return Thesaurus(wordnet, KNOWN)


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("jailed", ("imprisoned",)),  # "lagged" is not known
        ("jail", ("imprison",)),
        ("children", ("kids",)),
        ("buys", ("purchases",)),
        ("big", ("large",)),
        ("quickly", ("rapidly",)),  # never counted, but with one sense only
        ("film", ("movie",)),  # the usual sense of three
        ("bank", ()),  # no sense is the usual one
        ("won", ("acquired",)),  # several words of one synset are no word
        ("bicycle", ()),
    ],
)
def test_a_word_has_the_synonyms_of_its_usual_sense_in_its_own_form(thesaurus, word, others):
    assert thesaurus.synonyms(word) == others


def test_a_question_is_reworded_where_the_passage_has_its_words(thesaurus):
    passage = "The children bought nothing. Costa was jailed in 1921 for a big film."
    found = {
        reword("Why was Costa jailed in 1921?", passage, thesaurus, toy.dice(seed))
        for seed in range(20)
    }
    assert found == {"Why was Costa imprisoned in 1921?"}


def test_no_word_of_the_passage_is_put_in_and_a_question_without_synonyms_is_left(thesaurus):
    passage = "Costa was jailed; others were imprisoned."
    for seed in range(20):
        assert reword("Why was Costa jailed?", passage, thesaurus, toy.dice(seed)) is None
    assert reword("Who is Costa?", passage, thesaurus, toy.dice(0)) is None


def test_a_mixture_holds_reworded_questions_that_keep_their_answer(thesaurus, encoder):
    text = "Maria Costa was jailed in Porto after the children found the big film."
    gold = Gold("Porto", text.index("Porto"))
    paragraphs = [
        Paragraph("squad_train", "", text, (Asked("a", "Where was Maria Costa jailed?", (gold,)),))
    ]
    shares = mixture.Shares(answered=0.0, reworded=1.0, near_miss=0.0)
    (groups,) = mixture.build(paragraphs, encoder, shares, [0], thesaurus)
    (group,) = [group for group in groups if group.kind == "reworded"]
    assert group.question == "Where was Maria Costa imprisoned?"
    assert group.accepted == ("Porto",)
    (window,) = group.windows
    assert window.passage[window.start : window.end] == "Porto"
    (without,) = mixture.build(paragraphs, encoder, shares, [0])
    assert not any(group.kind == "reworded" for group in without)


def test_a_mixture_holds_unanswerable_questions_in_other_words(thesaurus, encoder):
    text = "Maria Costa was jailed in Porto after the children found the big film."
    asked = Asked("a", "Why was Maria Costa jailed?", ())
    paragraphs = [Paragraph("squad2_train", "", text, (asked,))]
    shares = mixture.Shares(answered=0.0, near_miss=0.0, reworded_unanswerable=1.0)
    (groups,) = mixture.build(paragraphs, encoder, shares, [0], thesaurus)
    (group,) = [group for group in groups if group.kind == "reworded-unanswerable"]
    assert group.question == "Why was Maria Costa imprisoned?"
    assert group.accepted == ()


def test_a_folder_that_is_no_wordnet_is_named(tmp_path):
    with pytest.raises(EvaluationError, match=str(tmp_path)):
        Thesaurus(tmp_path, KNOWN)
