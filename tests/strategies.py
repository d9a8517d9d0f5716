"""Hypothesis strategies for what articles are made of."""

from __future__ import annotations

from hypothesis import strategies as st

from qa.types import Article, Mark, Role

_PLAIN = (
    "the talks Havana Cuba visa 20,000 3.5 U.S. Mr. Dr. No. a.m. Lee D-N.J. it's café"
    " 日本語 首相は。 Москва قال https://example.org/a?b=c — … - “yes” (AP) i.e. x"
)
_ODD = (
    "cafe\u0301",
    "😀",
    "👨\u200d👩\u200d👧",
    "ab" * 40,
    "日本の首相は会談した" * 8,
    "e\u0301" * 30,
)
WORDS = st.sampled_from([*_PLAIN.split(), *_ODD])
ENDS = st.sampled_from([". ", "! ", "? ", "… ", ".” ", '." ', "; ", ", ", " ", "。", ".\u00a0"])
BREAKS = st.sampled_from(["\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\u2028", "\x0b", "\n \n", " "])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Texts of words, sentence ends and line breaks of all kinds, or of anything at all."""
    parts = draw(st.lists(st.tuples(st.lists(WORDS, max_size=12), ENDS, BREAKS), max_size=25))
    built = "".join(" ".join(words) + end + line for words, end, line in parts)
    noise = draw(st.text(max_size=40))
    return draw(st.sampled_from([built, noise + built, built + noise, "\ufeff" + built, noise]))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Articles with boilerplate marked anywhere, even inside words."""
    text = draw(texts())
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    marks = tuple(
        Mark(start, end, draw(st.sampled_from([Role.BOILERPLATE, Role.BYLINE])))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )
    return Article(
        id="folder/name",
        title="A title",
        text=text,
        path="folder/name.txt",
        sha256="0",
        marks=marks,
    )
