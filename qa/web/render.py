"""Values → HTML, by templates that escape whatever they are given.

Knows how things look. All text that reaches the page passes the autoescaping of the one
`Environment` made here; an address passes `safe_url` besides. Nothing here marks text as safe.
Does not know Gradio, sessions or where the values come from.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from datetime import date

    from jinja2 import Environment

    from qa.types import Citation

# Words of context on each side of a short quotation in a text fragment, enough to be the one
# place in an article without tripping over markup that differs from our text.
FRAGMENT_CONTEXT = 3  # words
FRAGMENT_LONGEST = 12  # words; a longer quotation is named by its first and last words
FRAGMENT_ENDS = 4  # words

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def render(template: str, **values: Any) -> str:
    """Return the HTML of `templates/<template>.html` filled with `values`, each escaped."""
    return _environment().get_template(f"{template}.html").render(**values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qa.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=visible,
    )
    environment.filters["day"] = day
    environment.filters["percent"] = percent
    environment.filters["amount"] = amount
    environment.filters["key"] = key
    environment.globals["original"] = original_url
    environment.globals["words"] = confidence_words
    return environment


def visible(value: object) -> object:
    """Return a text without the characters that only serve to mislead a reader's eye.

    Control characters and direction overrides are shown as "�", so that a title cannot pass
    for another; everything that is not a plain text is returned as it is.
    """
    return _CONTROLS.sub("\ufffd", value) if type(value) is str else value


def safe_url(url: str | None) -> str | None:
    """Return `url` if it is a plain web address, else None: no `javascript:`, no `data:`."""
    if not url or re.search(r"[\s\x00-\x20\\\"'<>`]", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:  # a malformed port or bracket
        return None
    return url if parts.scheme.lower() in {"http", "https"} and host else None


def original_url(citation: Citation) -> str | None:
    """Return the address of the original, opening at the quotation, or None.

    The part after `#:~:text=` asks the browser to scroll to the words and mark them; see the
    URL Fragment Text Directives draft of the Web Incubator Community Group.
    """
    url = safe_url(citation.article.url)
    if url is None:
        return None
    before, after = _around(citation)
    said = citation.quote.split()
    if len(said) > FRAGMENT_LONGEST or "\n" in citation.quote:
        directive = ",".join(
            _fragment(" ".join(part)) for part in (said[:FRAGMENT_ENDS], said[-FRAGMENT_ENDS:])
        )
    else:
        directive = (
            (f"{_fragment(before)}-," if before else "")
            + _fragment(" ".join(said))
            + (f",-{_fragment(after)}" if after else "")
        )
    joint = ":~:text=" if "#" in url else "#:~:text="
    return f"{url}{joint}{directive}"


def _around(citation: Citation) -> tuple[str, str]:
    sentence, start = citation.sentence, citation.sentence_start
    before = sentence[: citation.start - start].split("\n")[-1]
    after = sentence[citation.end - start :].split("\n")[0]
    return (
        " ".join(before.split()[-FRAGMENT_CONTEXT:]),
        " ".join(after.split()[:FRAGMENT_CONTEXT]),
    )


def _fragment(text: str) -> str:
    # "-" and "," are the directive's own syntax, and quote() leaves "-" alone.
    return quote(text, safe="").replace("-", "%2D")


def day(value: date | None) -> str:
    """Return a date as a newspaper writes it: 18 July 2013; "undated" for none."""
    return f"{value.day} {value:%B %Y}" if value else "undated"


def percent(share: float) -> str:
    """Return a share as a whole number of hundredths: "93 %"."""
    return f"{100 * share:.0f} %"


def amount(count: int, one: str, many: str = "") -> str:
    """Return "1 article" or "2,000 articles"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def confidence_words(confidence: float) -> str:
    """Return "high", "medium" or "low", as everywhere else."""
    from qa.confidence import words

    return words(confidence)


def key(identity: str) -> str:
    """Return an id or name in letters that survive any attribute; `unkey` gives it back."""
    return quote(identity, safe="")


def unkey(text: str) -> str:
    """Return what `key` was given."""
    return unquote(text)
