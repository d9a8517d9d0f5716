"""What is drawn: texts cut without loss, everything escaped, addresses that are only addresses."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
import web_attacks
from hypothesis import given
from hypothesis import strategies as st

from qa.types import Answer, Article, Citation, Mark, Passage, Reason, Role
from qa.web.article_view import MOST_SHOWN, Place, view
from qa.web.render import key, original_url, render, safe_url, unkey, visible
from qa.web.turns import Turn
from qa.web.uploads import UploadError, plain_name

texts = st.text(
    st.sampled_from("ab “”—\n\r\t<&\"'\u2028é🔥"), min_size=1, max_size=120
)  # line ends of every kind among them


def article(text, url=None, title="Title", **more):
    return Article("id", title, text, "id.txt", "0" * 64, url=url, **more)


def cited(text, start, end, **more):
    passage = Passage("id#0", "id", 0, len(text), text)
    return Citation(article(text, **more), passage, text[start:end], start, end, text, 0)


@given(texts, st.integers(0, 120), st.integers(1, 60), st.integers(0, 100), st.integers(0, 30))
def test_no_character_of_a_text_is_lost_or_doubled(text, start, length, dimmed, more):
    mark = Mark(min(dimmed, len(text)), min(dimmed + more, len(text)), Role.BOILERPLATE)
    place = Place(min(start, len(text)), min(start + length, len(text)))
    shown = view(article(text, marks=(mark,)), place)
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    assert ["".join(p.text for p in one.pieces) for one in shown.paragraphs] == lines
    assert [one.number for one in shown.paragraphs] == list(range(1, len(lines) + 1))
    quoted = "".join(p.text for one in shown.paragraphs for p in one.pieces if p.quoted)
    assert "".join(quoted.split()) == "".join(text[place.start : place.end].split())


def test_a_very_long_article_is_shown_around_the_quotation():
    text = "\n".join(f"Line {number} of a very long report." for number in range(20_000))
    start = text.index("Line 12345 ")
    shown = view(article(text), Place(start, start + 10))
    assert sum(len(p.text) for one in shown.paragraphs for p in one.pieces) <= MOST_SHOWN
    quoted = [p for one in shown.paragraphs for p in one.pieces if p.quoted]
    assert [piece.text for piece in quoted] == ["Line 12345"]
    assert next(one.number for one in shown.paragraphs if one.quoted) == 12346
    assert shown.cut_before > 0 < shown.cut_after


def test_a_title_line_is_not_said_twice_unless_it_is_quoted():
    known = article("Mill burns\n\nIt burnt.", marks=(Mark(0, 10, Role.TITLE),), title="Mill burns")
    assert [one.number for one in view(known).paragraphs] == [2]
    assert [one.number for one in view(known, Place(0, 4)).paragraphs] == [1, 2]


class Tags(HTMLParser):
    """Collects what a browser would build."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


def drawn(html):
    tags = Tags()
    tags.feed(html)
    return tags


def conversation(attack):
    text = f"Before {attack} after."
    start = text.index(attack)
    answer = Answer(
        attack, attack, 0.9,
        (cited(text, start, start + len(attack), url=attack, title=attack, source=attack),),
        explanation=attack, searched_as=attack + "?",
    )  # fmt: skip
    none = Answer(attack, None, 0.1, reason=Reason.NOT_ANSWERED, explanation=attack)
    turns = (Turn(1, attack, answer), Turn(2, attack, none), Turn(3, attack, trouble=attack))
    return render("conversation", turns=turns, examples=(), saved="data:,")


@pytest.mark.parametrize("attack", web_attacks.ALL)
def test_an_attack_makes_the_same_page_as_plain_words(attack):
    tags, plain = drawn(conversation(attack)), drawn(conversation("plain words"))
    assert [tag for tag, _ in tags.found] == [tag for tag, _ in plain.found]
    assert [set(attributes) for _, attributes in tags.found] == [
        set(attributes) for _, attributes in plain.found
    ]
    assert tags.text.count(visible(attack)) == plain.text.count("plain words")


@given(st.text(max_size=40))
def test_any_text_makes_the_same_page(attack):
    if not attack.strip() or len(attack) > 40:
        return
    tags, plain = drawn(conversation(attack)), drawn(conversation("plain words"))
    assert [tag for tag, _ in tags.found] == [tag for tag, _ in plain.found]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:1",
        "data:text/html,x", "vbscript:x", "//evil.example", "/local", "file:///etc/passwd",
        "https://", "https://a b", 'https://a/"onclick=x', "http://[::1", "", None,
    ],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_no_link(url):
    assert safe_url(url) is None


def test_plain_addresses_are_links():
    for url in ("https://a.example/x?y=1#z", "HTTP://a.example", "http://[::1]:80/"):
        assert safe_url(url) == url


def test_the_text_fragment_names_the_words_and_nothing_else():
    text = "It said that Jean-Luc, the mayor & others, won 52% of votes."
    start = text.index("Jean-Luc")
    made = original_url(cited(text, start, start + 8, url="https://a.example/x"))
    assert made == "https://a.example/x#:~:text=It%20said%20that-,Jean%2DLuc,-%2C%20the%20mayor"
    start = text.index("mayor")
    made = original_url(cited(text, start, start + 14, url="https://a.example/x#part"))
    directive = made.partition("#part:~:text=")[2]
    assert [unquote(part) for part in directive.split(",")] == [
        "Jean-Luc, the-".replace("Jean-Luc, the-", "that Jean-Luc, the-"), "mayor & others",
        "-, won 52%",
    ]  # fmt: skip
    long = " ".join(f"word{number}" for number in range(40))
    made = original_url(cited(long, 0, len(long), url="https://a.example/"))
    directive = "word0%20word1%20word2%20word3,word36%20word37%20word38%20word39"
    assert made.endswith(f"#:~:text={directive}")


@given(st.text(max_size=30))
def test_a_key_is_plain_and_can_be_undone(identity):
    if any(0xD800 <= ord(char) < 0xE000 for char in identity):
        return
    assert unkey(key(identity)) == identity
    assert key(identity).isascii()
    assert not set(key(identity)) & set("\"'<>& \n")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("report.txt", "report.txt"),
        ("../../etc/cron.d/x.txt", "x.txt"),
        ("C:\\Users\\ada\\Été 2024.PDF", "Été 2024.pdf"),
        ("<img src=x onerror=alert(1)>.html", "_img src_x onerror_alert(1)_.html"),
        (".hidden.md", "hidden.md"),
        ("a\u202egpj.txt", "a_gpj.txt"),
        ("x" * 300 + ".txt", "x" * 100 + ".txt"),
    ],
)
def test_an_uploaded_name_is_only_a_name(given_name, kept):
    assert plain_name(given_name) == kept


@pytest.mark.parametrize("name", ["tool.exe", "noending", ".txt", "", "a.txt/", "x.txt\x00.sh"])
def test_other_names_are_refused(name):
    with pytest.raises(UploadError):
        plain_name(name)
