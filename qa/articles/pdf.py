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
from qa.articles.lines import lines_of
from qa.articles.structure import described
from qa.errors import ArticleError
from qa.types import Mark, Role

log = logging.getLogger(__name__)

EDGE = 2  # lines at the top and at the foot of a page that may be the same on each
LEAST_REPEATS = 3  # pages that make a line a head or a foot; 2 for a document of two
PAGE_END = "\n"
_NUMBER = re.compile(
    r"(?:page |p\. ?|seite |página |- ?)?\d{1,4}(?: ?-|(?: ?/ ?| of | von | de )\d{1,4})?",
    re.IGNORECASE,
)


def pdf(data: bytes, path: str) -> Draft:
    """Read a PDF file.

    Raises:
        ArticleError: It is encrypted, broken, or holds no text (a scan).
    """
    if not data.strip():
        raise ArticleError(f"{path}: it is empty.", cure="Remove it, or save it again.")
    pages, facts = _pages(data, path)
    text = sound(PAGE_END.join(pages))
    if not re.search(r"\w", text):
        raise ArticleError(
            f"{path}: it holds no text; it may be a scan.", cure="Run text recognition (OCR) on it."
        )
    marks = _page_furniture([sound(page) for page in pages])
    draft = Draft(
        text=text,
        byline=facts.get("author"),
        published=None,
        marks=tuple(marks),
    )
    found = described(draft)
    return found if found.title else described(draft)


def _pages(data: bytes, path: str) -> tuple[list[str], dict[str, str]]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ArticleError(f"{path}: it is encrypted.", cure="Save it without a password.")
        pages = [page.extract_text() or "" for page in reader.pages]
        return pages, _facts(reader)
    except ArticleError:
        raise
    except DependencyError as error:
        raise ArticleError(
            f"{path}: it is encrypted.", cure="Save it without a password."
        ) from error
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        RecursionError,
        ZeroDivisionError,
        AssertionError,
        NotImplementedError,
    ) as error:
        # A broken file makes pypdf fail in any of these ways.
        raise ArticleError(
            f"{path}: it is not a PDF that can be read ({error}).", cure="Save it again."
        ) from error


def _facts(reader: Any) -> dict[str, str]:
    try:
        facts = reader.metadata or {}
        author = facts.get("/Author")
    except Exception as error:  # noqa: BLE001  # metadata is a courtesy; its text stands without
        log.info("no metadata: %s", error)
        return {}
    return {"author": sound(str(author)).strip()} if author and str(author).strip() else {}


def _page_furniture(pages: list[str]) -> list[Mark]:
    """Mark the lines that stand at the head or foot of most pages, page numbers included."""
    edges: list[list[tuple[int, int, str]]] = []
    offset = 0
    for page in pages:
        lines = lines_of(page)
        chosen = lines if len(lines) <= 2 * EDGE else [*lines[:EDGE], *lines[-EDGE:]]
        edges.append([(offset + l.start, offset + l.end, _shape(l.text)) for l in chosen])
        offset += len(page) + len(PAGE_END)
    counts = Counter(shape for edge in edges for shape in {shape for _, _, shape in edge})
    least = max(2, min(LEAST_REPEATS, len(pages)))
    return [
        Mark(start, end, Role.BOILERPLATE)
        for number, edge in enumerate(edges)
        for start, end, shape in edge
        if (
            counts[shape] >= max(least, len(pages) // 3)
            and (number or _NUMBER.fullmatch(shape) or shape != edge[0][2])
        )
        or (len(pages) > 1 and _NUMBER.fullmatch(shape.replace("0", "1")))
    ]


def _shape(line: str) -> str:
    """Return a line with its numbers levelled, so that "Page 1" equals "Page 2"."""
    return re.sub(r"\d+", "0", " ".join(line.split()))
