"""PDF to drafts, by pypdf.

Knows pypdf, alone in the project, and that pages repeat their head and foot. Does not know
files. The draft's text is what pypdf extracts, one page after the other.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from io import BytesIO
from typing import Any

from qa.articles.decode import sound
from qa.articles.draft import Draft
from qa.articles.lines import printed_lines
from qa.articles.structure import described
from qa.errors import ArticleError
from qa.types import Mark, Role

log = logging.getLogger(__name__)

EDGE = 2  # lines at the top and at the foot of a page that may be the same on others
LEAST_REPEATS = 3  # pages that share such a line; in a document of two pages, both
MOST_FURNITURE = 10  # words of a head or foot that changes from page to page
MOST_NUMBERS = 3  # in it: a date and a page
PAGE_END = "\n"
_PAGE_NUMBER = re.compile(
    r"(?:- ?)?(?:page |p\. ?|seite |página )?\d{1,4}"
    r"(?: ?/ ?\d{1,4}| (?:of|von|de|sur) \d{1,4})?(?: ?-)?",
    re.IGNORECASE,
)
# A broken file makes pypdf fail in any of these ways.
_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


def pdf(data: bytes, path: str) -> Draft:
    """Read a PDF file.

    Raises:
        ArticleError: It is empty, encrypted, broken, or holds no text (a scan).
    """
    if not data.strip():
        raise ArticleError(f"{path}: it is empty.", cure="Remove it, or save it again.")
    pages, author = _extracted(data, path)
    text = PAGE_END.join(pages)
    if not re.search(r"\w", text):
        raise ArticleError(
            f"{path}: it holds no text; it may be a scan.", cure="Run text recognition (OCR) on it."
        )
    return described(Draft(text=text, byline=author, marks=tuple(_page_furniture(pages))))


def _extracted(data: bytes, path: str) -> tuple[list[str], str | None]:
    """Return the text of each page, and the author the file states."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    locked = ArticleError(f"{path}: it is encrypted.", cure="Save it without a password.")
    try:
        reader = PdfReader(BytesIO(data))
        readable = not reader.is_encrypted or bool(reader.decrypt(""))
        pages = [sound(page.extract_text() or "") for page in reader.pages] if readable else []
        author = _author(reader) if readable else None
    except DependencyError as error:  # a cipher that is not installed
        raise locked from error
    except (PyPdfError, *_BROKEN) as error:
        raise ArticleError(
            f"{path}: it is not a PDF that can be read ({error}).", cure="Save it again."
        ) from error
    if not readable:
        raise locked
    return pages, author


def _author(reader: Any) -> str | None:
    """Return the author that is stated; machines and e-mail names are none."""
    stated = (reader.metadata or {}).get("/Author")
    author = " ".join(sound(str(stated or "")).split())
    return author if " " in author and "@" not in author else None


def _page_furniture(pages: list[str]) -> list[Mark]:
    """Mark the lines that stand at the edge of many pages, and page numbers there.

    The first of equal lines stays if it opens the document: that is the title.
    """
    edges: list[list[tuple[int, int, str]]] = []
    offset = 0
    for page in pages:
        lines = printed_lines(page)
        at_edge = lines if len(lines) <= 2 * EDGE else [*lines[:EDGE], *lines[-EDGE:]]
        edges.append(
            [(offset + line.start, offset + line.end, _shape(line.text)) for line in at_edge]
        )
        offset += len(page) + len(PAGE_END)
    pages_with = Counter(shape for edge in edges for shape in {shape for *_, shape in edge})
    least = max(min(LEAST_REPEATS, len(pages)), 2, len(pages) // 3)
    return [
        Mark(start, end, Role.BOILERPLATE)
        for page, edge in enumerate(edges)
        for place, (start, end, shape) in enumerate(edge)
        if len(pages) > 1
        and (
            _PAGE_NUMBER.fullmatch(shape)
            or (pages_with[shape] >= least and (page, place) != (0, 0))
        )
    ]


def _shape(line: str) -> str:
    """Return a short line with its numbers levelled: "Page 1" has the shape of "Page 2".

    A row of a table is left as it is, for rows are alike without being the same.
    """
    line = " ".join(line.split())
    levelled = re.sub(r"\d+", "0", line)
    if _PAGE_NUMBER.fullmatch(line):
        return levelled
    short = len(line.split()) <= MOST_FURNITURE and levelled.count("0") <= MOST_NUMBERS
    return levelled if short and re.search(r"[^\W\d_]{3}", line) else line
