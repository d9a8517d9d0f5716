"""HTML to drafts, by trafilatura.

Knows trafilatura, alone in the project. Does not know files. The draft's text is the text
that trafilatura finds the article to be; offsets point into that.
"""

from __future__ import annotations

import logging
import re
import warnings
from typing import TYPE_CHECKING, Any

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


def webpage(data: bytes, path: str) -> Draft:
    """Read a saved web page: its article's text, and what its metadata states.

    Raises:
        ArticleError: The page is empty, not text, or holds no article.
    """
    html = _html(data, path)
    found = _extracted(html, path)
    text = (found.text if found else None) or _all_paragraphs(html, path)
    if not text or not text.strip():
        raise ArticleError(
            f"{path}: no article was found in the page.", cure="Save the article's text as .txt."
        )
    draft = Draft(
        text=sound(text),
        title=_value(found, "title"),
        source=_value(found, "sitename"),
        byline=_value(found, "author"),
        published=_date(found),
        url=_value(found, "url"),
    )
    return described(draft, title_elsewhere=True)


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
    """Decode a page by the encoding it names, else as any text."""
    named = _CHARSET.search(data[:_HEAD])
    if named and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode(named[1].decode("ascii"))
        except (UnicodeDecodeError, LookupError):
            return text_of(data, path)
        if "\x00" not in text and text.strip():
            return text
    return text_of(data, path)


def _value(found: Any, name: str) -> str | None:
    value = getattr(found, name, None) if found else None
    return " ".join(sound(value).split()) or None if isinstance(value, str) else None


def _date(found: Any) -> date | None:
    return parse_date(getattr(found, "date", None)) if found else None
