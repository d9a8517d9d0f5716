"""What a web page states about itself, less what is not so.

Knows how pages name their site, their headline and their authors, and what finds its way among
these. Does not know HTML. A wrong author is worse than none: on 117 saved pages of 66 sites
"Username", "Account You're logged", a month and the site itself were called authors.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from qa.articles.bylines import bare_name_in, byline_in, is_job
from qa.articles.publishers import publisher_in

MOST_WORDS = 5  # of a part of a title that names the site: "The Daily Ledger News"
MOST_MORE = 2  # words behind the site's name in such a part: "CNN Politics"
LEAST_LETTERS = 3  # of a site's name
_BETWEEN = re.compile(r"\s+(?:[|–—•·:]|-{1,2})\s+|\s*[|]\s*|:\s+")  # parts of a title
_BEHIND = re.compile(r"\s+[|–—•·]\s.*")  # a slogan behind the site's name
_HOST_TAIL = re.compile(
    r"\.(?:com?|org|net|gov|edu|ac|info|news|tv|[a-z]{2})(?:\.[a-z]{2})?$", re.IGNORECASE
)
_MONTH = re.compile(
    r",? \b(?:january|february|march|april|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?$",
    re.IGNORECASE,
)


def site(name: str | None) -> str | None:
    """Return a site's name without scheme, "www." and slogan."""
    if not name:
        return None
    if re.match(r"https?://", name):
        name = urlsplit(name).netloc or name
    return _BEHIND.sub("", name.removeprefix("www.")).strip() or None


def headline(
    title: str | None, name: str | None, url: str | None, authors: str | None
) -> str | None:
    """Return a title without the parts before or behind it that name the site or the authors.

    Args:
        title: As the page gives it: "Tram line opens | Ledger News".
        name: The site's, as the page gives it.
        url: Where the page was found.
        authors: As the page gives them.
    """
    if not title:
        return None
    keys = _keys(name, url)
    if name and title.casefold().startswith(name.casefold()):
        rest = re.sub(r"^\s*[|–—•·:-]+\s+", "", title[len(name) :])
        title = rest if rest != title[len(name) :] and rest else title
    while cuts := list(_BETWEEN.finditer(title)):
        first, last = cuts[0], cuts[-1]
        behind = title[last.end() :]
        if _names_site(behind, keys) or _names_authors(behind, authors):
            title = title[: last.start()]
        elif first.group().strip() != ":" and _names_site(title[: first.start()], keys):
            title = title[first.end() :]
        else:
            break
    return title.strip()


def byline(authors: str | None, name: str | None, url: str | None) -> str | None:
    """Return those of a page's authors, parted by semicolons, that can be.

    A person's name has two words or more; an agency or a desk is the author only where no
    person is. The site itself is not.
    """
    if not authors or _folded(authors) in (keys := _keys(name, url)):
        return None
    parts = [_MONTH.sub("", part.strip()) for part in authors.split(";")]
    parts = [part for part in parts if part and not _is_site(part, keys)]
    others = [part for part in parts if publisher_in(part) or (is_job(part) and " " in part)]
    persons = [found for part in parts if part not in others and (found := _person(part))]
    return "; ".join(persons or others) or None


def _person(part: str) -> str | None:
    """Return the name in `part`, written as there, without "by" and a job; None: there is none."""
    found = byline_in(part) or bare_name_in(part.title() if part.isupper() else part)
    if not found or len(found.names.split()) < 2:
        return None
    return part if found.names.casefold() == part.casefold() else found.names


@lru_cache(maxsize=256)
def _keys(name: str | None, url: str | None) -> frozenset[str]:
    """Return the names of a site: "dailyledger", "dailyledgercom"."""
    host = urlsplit(url).netloc.lower().removeprefix("www.") if url else ""
    named = site(name) or ""
    stem = _HOST_TAIL.sub("", host)
    names = [named, _HOST_TAIL.sub("", named), re.sub(r"^the ", "", named, flags=re.IGNORECASE)]
    found = {_folded(one) for one in [*names, host, stem, stem.rpartition(".")[2]]}
    return frozenset(one for one in found if len(one) >= LEAST_LETTERS)


def _names_site(part: str, keys: frozenset[str]) -> bool:
    """Say whether a part of a title is the site's name, perhaps with a section behind it."""
    words = re.sub(r"^the ", "", part.strip(), flags=re.IGNORECASE).split()
    if not 0 < len(words) <= MOST_WORDS:
        return False
    for more in range(min(MOST_MORE, len(words) - 1) + 1):
        head, tail = words[: len(words) - more], words[len(words) - more :]
        if _folded(" ".join(head)) in keys and all(word[0].isupper() for word in tail):
            return True
    return False


def _names_authors(part: str, authors: str | None) -> bool:
    named = {_folded(word) for word in (authors or "").split()}
    words = [_folded(word) for word in part.split() if word.casefold() not in {"by", "and", "&"}]
    return len(words) > 1 and all(word in named for word in words)


def _is_site(part: str, keys: frozenset[str]) -> bool:
    folded = _folded(part)
    return folded in keys or any(len(key) > LEAST_LETTERS + 1 and key in folded for key in keys)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
