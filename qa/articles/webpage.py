"""HTML to drafts, by trafilatura.

Knows trafilatura, alone in the project. Does not know files, or how far a page can be trusted
about itself (qa/articles/stated). The draft's text is the text that trafilatura finds the
article to be; offsets point into that. Read for recall (`favor_recall`), 16 of 117 saved pages
gain their menus or lose paragraphs and 3 gain text.
"""

from __future__ import annotations

import html as entities
import logging
import re
import warnings
from typing import TYPE_CHECKING, Any

from qa.articles import stated
from qa.articles.dates import parse_date
from qa.articles.decode import sound, text_of
from qa.articles.draft import Draft
from qa.articles.structure import described
from qa.errors import ArticleError

if TYPE_CHECKING:
    from datetime import date

log = logging.getLogger(__name__)

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096  # bytes in which a page names its encoding
_ROOT = re.compile(r"<html\b", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2}")
_TITLE = re.compile(r"<title\b[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_HEADLINE = re.compile(r"<meta\b[^>]+[\"']og:title[\"']", re.IGNORECASE)
# A page laid out by a table: a row of one cell is a paragraph.
_CELL = re.compile(r"^\| ?([^|\n]*?) ?\|? *$", re.MULTILINE)


def webpage(data: bytes, path: str) -> Draft:
    """Read a saved web page: its article's text, and what its metadata states.

    Raises:
        ArticleError: The page is empty, not text, or holds no article.
    """
    html = _html(data, path)
    if not _TAG.search(html) and _WORD.search(html):  # text, whatever the file is called
        return described(Draft(text=html))
    found = _extracted(html, path)
    text = (found.text if found else None) or _all_paragraphs(html, path)
    if not text or not text.strip():
        raise ArticleError(
            f"{path}: no article was found in the page.", cure="Save the article's text as .txt."
        )
    site, url, authors = (_value(found, name) for name in ("sitename", "url", "author"))
    draft = Draft(
        text=_CELL.sub(r"\1", sound(text)),
        title=stated.headline(_title(found, html), site, url, authors),
        source=stated.site(site),
        byline=stated.byline(authors, site, url),
        published=_date(found),
        url=url,
    )
    return described(draft, title_elsewhere=True)


def _title(found: Any, html: str) -> str | None:
    """Return the headline found, or the page's title where that does not hold it.

    A heading is hardly the article's when the page's own title says nothing of it.
    """
    title, whole = _value(found, "title"), _TITLE.search(html)
    named = " ".join(entities.unescape(whole[1]).split()) if whole else ""
    if not named or _HEADLINE.search(html) or (title or "").casefold() in named.casefold():
        return title
    return sound(named)


def _extracted(html: str, path: str) -> Any:
    """Return trafilatura's document, or None where it finds none or fails."""
    from trafilatura import bare_extraction

    try:
        with warnings.catch_warnings():
            # dateutil's, on a date in a time zone it does not know; the day is right all the same
            warnings.filterwarnings("ignore", message="tzname .* identified but not understood")
            return bare_extraction(
                html,
                with_metadata=True,
                include_comments=False,
                include_tables=True,
                date_extraction_params={"extensive_search": False, "original_date": True},
            )
    except Exception as error:  # noqa: BLE001  # a broken page makes it fail in any way
        log.info("%s: trafilatura fails (%r); its plain paragraphs are taken", path, error)
        return None


def _all_paragraphs(html: str, path: str) -> str | None:
    """Return the text of all paragraphs, for pages that do not look like an article's."""
    from trafilatura import baseline

    try:
        return str(baseline(html)[1])
    except Exception as error:  # noqa: BLE001  # as above; the caller refuses the page
        log.info("%s: trafilatura fails again (%r)", path, error)
        return None


def _html(data: bytes, path: str) -> str:
    """Return the page from its root on, decoded by the encoding it names, else as any text."""
    text = _decoded(data, path)
    root = _ROOT.search(text)
    return text[root.start() :] if root else text


def _decoded(data: bytes, path: str) -> str:
    named = _CHARSET.search(data[:_HEAD])
    if named and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        for encoding in ("utf-8", named[1].decode("ascii")):  # what is UTF-8 is so by no chance
            try:
                text = data.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
            if "\x00" not in text and text.strip():
                return text
    return text_of(data, path)


def _value(found: Any, name: str) -> str | None:
    value = getattr(found, name, None) if found else None
    return " ".join(sound(value).split()) or None if isinstance(value, str) else None


def _date(found: Any) -> date | None:
    return parse_date(getattr(found, "date", None)) if found else None
