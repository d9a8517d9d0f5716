from __future__ import annotations

import itertools
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text import STOPWORDS, Kind, content_words, fold, names, normalise, stem, words

ascii_text = st.text(alphabet=string.printable, max_size=60)  # less what no text holds: controls


def squad(text):
    """The steps of the official SQuAD evaluation, in its order."""
    text = "".join(char for char in text.lower() if char not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


@given(ascii_text)
def test_on_ascii_the_normal_form_is_squads(text):
    assert normalise(text) == squad(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Associated Press", "associated press"),
        ("“friendly climate”", "friendly climate"),
        ("São Paulo", "Sao Paulo"),
        ("Cuba’s", "Cuba's"),
        ("20,000", "20000"),
        ("Fernández de Cossío,", "Fernandez de Cossio"),
        ("a 15–year sentence", "15-year sentence"),
    ],
)
def test_answers_that_are_the_same_have_one_normal_form(one, other):
    assert normalise(one) == normalise(other) != ""


@given(st.text(max_size=60))
def test_folding_again_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("É", "e"), ("e\u0301", "e"), ("Straße", "strasse"), ("‘x’", "'x'"), ("co\xadop", "coop"),
     ("ﬁn", "fin"), ("１２", "12"), ("İ", "i")],
)  # fmt: skip
def test_fold(text, folded):
    assert fold(text) == folded


def test_words_are_folded_and_lose_a_possessive():
    assert words("Cuba’s Foreign Ministry, CO-OP") == ["cuba", "foreign", "ministry", "co-op"]


@given(st.text(max_size=80))
def test_content_words_are_words_without_stopwords_each_once(text):
    found = content_words(text)
    assert len(set(found)) == len(found)
    assert all(word == fold(word) for word in found)


def test_us_the_country_is_kept_and_us_the_pronoun_is_not():
    assert content_words("Will the US talk to us?") == ["us", "talk"]
    assert "us" not in content_words("WILL THEY TALK TO US")
    assert not STOPWORDS & set(content_words("Who is it that was to be there for them?"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("talk", "talks"), ("agree", "agreed"), ("policy", "policies"), ("meet", "meeting"),
     ("visa", "visas"), ("resume", "resumes"), ("resume", "resuming")],
)  # fmt: skip
def test_forms_of_a_word_share_a_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ship", "shop"), ("2010", "2011"), ("talk", "tall"), ("visa", "vista")]
)
def test_other_words_do_not(one, other):
    assert stem(one) != stem(other)


def found(text):
    return [(name.text, name.kind) for name in names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who chaired it for the United States?", [("United States", Kind.NAME)]),
        ("Did Fernandez de Cossio meet J. B. Pritzker?",
         [("Fernandez de Cossio", Kind.NAME), ("J. B. Pritzker", Kind.NAME)]),
        ("Bank of England's governor", [("Bank of England", Kind.NAME)]),
        ("the chief of the bank of Spain", [("Spain", Kind.NAME)]),
        ("on July 17, 2013", [("July", Kind.DATE), ("17", Kind.NUMBER), ("2013", Kind.YEAR)]),
        ("20,000 visas or 1.5 million at 10:30",
         [("20,000", Kind.NUMBER), ("1.5", Kind.NUMBER), ("10:30", Kind.NUMBER)]),
        ("WHO IS ALEX LEE IN 2013", [("2013", Kind.YEAR)]),  # capitals tell nothing here
        ("who is alex lee", []),
        ("Roughly how many did What's-his-name sell?", [("What's-his-name", Kind.NAME)]),
        ("Besides Alex Lee, who came?", [("Alex Lee", Kind.NAME)]),
        ("Who's next? Describe it.", []),
        ("He left for the Tonight show.", [("Tonight", Kind.NAME)]),
        ("It took six years.", []),
        ("", []),
    ],
)  # fmt: skip
def test_names(text, expected):
    assert found(text) == expected


@given(st.text(alphabet="Ab c.’s-U7,1\n", max_size=40))
def test_names_stand_at_their_offsets_in_order_and_never_overlap(text):
    listed = names(text)
    assert all(text[name.start : name.end] == name.text != "" for name in listed)
    assert all(one.end <= other.start for one, other in itertools.pairwise(listed))
