"""The folder is a small WordNet in the format of the real one (wndb(5WN))."""

from __future__ import annotations

import pytest
import toy

from qa.errors import EvaluationError
from qa.train import mixture
from qa.train.data import Asked, Gold, Paragraph
from qa.train.reword import Thesaurus, reword

LICENCE = "  1 This software and database is being provided to you\n"
# part of speech → its synsets, each its words; the first listed is a word's usual sense
SYNSETS = {
    "noun": [
        "film movie",
        "film sheet",
        "bank riverside",
        "bank lender",
        "bank incline",
        "child kid nestling",
    ],
    "verb": ["jail imprison lag", "film shoot", "buy purchase", "win take_home", "win acquire"],
    "adj": ["big large"],
    "adv": ["quickly rapidly"],
}
COUNTS = {
    "film%1:10:00::": (1, 9), "film%1:06:00::": (2, 2), "film%2:36:00::": (1, 3),
    "bank%1:17:00::": (1, 20), "bank%1:14:00::": (2, 21), "bank%1:17:01::": (3, 5),
    "child%1:18:00::": (1, 5),
    "jail%2:41:00::": (1, 4), "buy%2:40:00::": (1, 8), "big%3:00:00::": (1, 9),
    "win%2:33:00::": (1, 1), "win%2:40:00::": (2, 9),
}  # fmt: skip
KNOWN = frozenset(
    "movie imprisoned imprison kid kids purchased purchase purchases shot large rapidly acquired "
    "riverside lender".split()
)


def write(folder):
    for name, synsets in SYNSETS.items():
        lines, places, offset = [LICENCE], {}, len(LICENCE)
        for synset in synsets:
            words = synset.split()
            held = " ".join(f"{word} 0" for word in words)
            line = (
                f"{offset:08d} 00 {name[0]} {len(words):02x} {held} 000 | a gloss of {words[0]}\n"
            )
            for word in words:
                places.setdefault(word, []).append(f"{offset:08d}")
            lines.append(line)
            offset += len(line)
        (folder / f"data.{name}").write_text("".join(lines))
        (folder / f"index.{name}").write_text(
            LICENCE
            + "".join(
                f"{word} {name[0]} {len(found)} 0 {len(found)} 0 {' '.join(found)}  \n"
                for word, found in places.items()
            )
        )
    (folder / "cntlist.rev").write_text(
        "".join(f"{key} {number} {times}\n" for key, (number, times) in COUNTS.items())
    )
    return folder


@pytest.fixture(scope="module")
def thesaurus(tmp_path_factory):
    return Thesaurus(write(tmp_path_factory.mktemp("wordnet")), KNOWN)


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


def test_a_folder_that_is_no_wordnet_is_named(tmp_path):
    with pytest.raises(EvaluationError, match=str(tmp_path)):
        Thesaurus(tmp_path, KNOWN)
