"""Sentences: where they end, and that nothing is lost."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from qa.sentences import paragraphs, sentence_around, sentences


def split(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


ONE_SENTENCE = [
    "He joined the U.S. Army in 1990.",
    "J. R. R. Tolkien and George W. Bush met.",
    "Platform No. 5 is on the left.",
    "It began at 5 p.m. on Friday.",
    "The deadline is 9 a.m. Monday.",
    "Polls close at 8 p.m. ET.",
    "Well… maybe.",
    "It rose 3.5 percent to $1.2 billion.",
    "Mr. Smith met Dr. Jones of Acme Inc. in Washington, D.C. on Jan. 5.",
    "Sen. Bob Menendez, D-N.J., said Gov. Ron DeSantis and Lt. Gov. Jeanette Nuñez were wrong.",
    "Lee v. Board of Ed. was cited.",
    "The U.N. Security Council met.",
    "Visit example.com/a.b?c=d for details.",
    "1. First item.",
    "Sgt. Pepper, Capt. Kirk and Maj. Gen. Foo came.",
    "She holds a Ph.D. in physics.",
    "It weighs approx. 5 kg.",
    "St. John's lies on Mt. Pearl.",
    "“We won.”",
    "😀 Café 👨\u200d👩\u200d👧 closes.",
]


@pytest.mark.parametrize("text", ONE_SENTENCE)
def test_one_sentence(text: str):
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "He left the U.S. in 1990. Then he came back.",
            ["He left the U.S. in 1990.", "Then he came back."],
        ),
        (
            "They talked until 6 p.m. Then they left.",
            ["They talked until 6 p.m.", "Then they left."],
        ),
        ("They said so. 20,000 people came.", ["They said so.", "20,000 people came."]),
        ("Really?! Yes. OK!", ["Really?!", "Yes.", "OK!"]),
        ("日本語です。次の文。", ["日本語です。", "次の文。"]),
        ("Über ihn. Äpfel.", ["Über ihn.", "Äpfel."]),
        ("हाँ। नहीं।", ["हाँ।", "नहीं।"]),
        ("نعم. لا؟ حسنا.", ["نعم.", "لا؟", "حسنا."]),
        ("One.\r\nTwo.\r\n\r\nThree", ["One.", "Two.", "Three"]),
        ("A title\nA line below it", ["A title", "A line below it"]),
        ("Er kam am 3. Oktober. Dann ging er.", ["Er kam am 3. Oktober.", "Dann ging er."]),
        ("", []),
        (" \n\t\u00a0\n", []),
    ],
)
def test_several_sentences(text: str, expected: list[str]):
    assert split(text) == expected


def test_short_quotation_stays_whole():
    text = "“They seem committed. They ratified it.” He left."
    assert split(text) == ["“They seem committed. They ratified it.”", "He left."]


def test_long_quotation_is_split_and_keeps_its_marks():
    inner = "We spoke about the ships that had been held in the harbour since the spring. "
    text = f"“{inner * 6}So we wait,” he said. “Nobody knows for how long.” Then he left."
    found = split(text)
    assert len(found) == 9
    assert found[0] == "“" + inner.strip()
    assert found[-2:] == ["“Nobody knows for how long.”", "Then he left."]
    assert max(len(sentence.split()) for sentence in found) < 30


def test_wrapped_lines_are_one_paragraph():
    text = (
        "The county commission voted Monday to sell the old courthouse on\n"
        "Front Street, which has stood empty since 1998, to a developer\n"
        "who plans 22 flats. The price is $410,000, said Commissioner Mr.\n"
        "Dale Potts, who voted no.\n"
        "SECOND PART\n"
        "Nobody came."
    )
    found = [" ".join(sentence.split()) for sentence in split(text)]
    assert found == [
        (
            "The county commission voted Monday to sell the old courthouse on Front Street, which"
            " has stood empty since 1998, to a developer who plans 22 flats."
        ),
        "The price is $410,000, said Commissioner Mr. Dale Potts, who voted no.",
        "SECOND PART",
        "Nobody came.",
    ]


def test_headlines_under_each_other_are_not_wrapped():
    text = (
        "Village fears over cables of the new wind farm\n"
        "Five walks for a wet Sunday in the old harbour\n"
        "A banker, his bees and the roof of a cathedral"
    )
    assert len(paragraphs(text)) == 3


def test_verses_and_list_items_are_not_wrapped():
    text = "The river keeps its own accounts,\nand so, at dusk, do I.\n- one item here\n- another"
    assert len(paragraphs(text)) == 4


def test_sentence_around():
    text = "First one. Second here. “Third. Fourth.” Fifth."
    start = text.index("here")
    assert sentence_around(text, start, start + 4) == (11, 23)
    start = text.index("one")
    end = text.index("Second") + 6
    assert sentence_around(text, start, end) == (0, 23)
    assert sentence_around(text, 0, len(text)) == (0, len(text))


@given(texts())
def test_sentences_lose_nothing_and_never_overlap(text: str):
    found = sentences(text)
    assert found == sorted(found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
    for start, end in found:
        assert text[start:end] == text[start:end].strip() != ""
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())


@given(texts())
def test_no_sentence_leaves_its_paragraph(text: str):
    borders = paragraphs(text)
    for start, end in sentences(text):
        assert any(first <= start and end <= last for first, last in borders)
    assert "\n\n" not in "".join(text[a:b].replace("\r\n", "\n") for a, b in borders)


@given(texts(), st.data())
def test_sentence_around_holds_the_span_and_whole_sentences(text: str, data: st.DataObject):
    found = sentences(text)
    if not found:
        return
    start = data.draw(st.integers(found[0][0], found[-1][1] - 1))
    end = data.draw(st.integers(start + 1, found[-1][1]))
    first, last = sentence_around(text, start, end)
    assert first <= start < end <= last
    for a, b in found:
        assert b <= first or a >= last or (first <= a and b <= last)
    inside = [s for s in found if first <= s[0] and s[1] <= last]
    # the smallest run: each sentence at its ends touches the span
    if inside:
        assert inside[0][1] > start or first == start
        assert inside[-1][0] < end or last == end


@given(texts())
def test_decomposed_text_is_covered_too(text: str):
    decomposed = unicodedata.normalize("NFD", text)
    covered = "".join(split(decomposed))
    assert "".join(covered.split()) == "".join(decomposed.split())
