"""Dates of publication.

Knows how dates are written. Does not know where they stand. A date that cannot be told for
certain is None: a wrong date is worse than none.
"""

from __future__ import annotations

import logging
import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

log = logging.getLogger(__name__)

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
# A date with a year, as English news writes it, anywhere in a line.
_WRITTEN = (
    re.compile(rf"(?P<year>(?:19|20)\d\d)[-/.](?P<number>\d{{1,2}})[-/.]{_DAY}(?![\d])"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)(?P<number>\d\d)(?P<day>\d\d)(?:T|$)"),
    re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(
        rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}(?:\b|(?=\d{{1,2}} [A-Z]))", re.IGNORECASE
    ),
)
_NUMBERS = re.compile(r"^(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.]" + _YEAR + r"\b")
_LABEL = re.compile(
    r"(?:first |last |originally )?(?:published|updated|posted|modified|created|issued|released"
    r"|dated?|publicado|publié|veröffentlicht|stand|pubblicato|yayınlanma)\b",
    re.IGNORECASE,
)
# A line that is a date in some language: "17 juillet 2013", "17. Juli 2013", "2013年7月17日".
_BARE = re.compile(
    r"(?:[^\W\d]+\.?,? )?\d{1,2}\.?(?:º|er)? (?:de )?[^\W\d]{3,}\.? (?:del? )?(?:19|20)\d\d.{0,25}"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d.{0,25}|(?:19|20)\d\d ?[年년].{3,20}"
)
# Those dateparser is asked about; all 200 it knows take seconds for a line that is no date.
_LANGUAGES = (
    "en es fr de pt it nl sv da nb fi pl cs sk hu ro ru uk bg el tr ar fa he hi id vi ja ko zh"
).split()
_LONGEST = 80  # characters; longer is no date


def parse_date(value: object) -> date | None:
    """Return the day that `value` states, or None (logged) where it states none for certain.

    Takes dates, datetimes and strings; a datetime's own day counts, in its own time zone.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _parse(str(value).strip()) if isinstance(value, str | int) else None
    if found is None:
        log.info("not a date that can be told for certain: %.80r", value)
    return found


def date_in(line: str) -> date | None:
    """Return the first date with a year that is written in `line`, in digits or in English."""
    for written in _WRITTEN:
        match = written.search(line)
        if match and (found := _of(match)):
            return found
    return None


@lru_cache(maxsize=1024)
def _parse(text: str) -> date | None:
    if not text or len(text) > _LONGEST:
        return None
    return date_in(text) or _in_numbers(text) or _in_mail(text) or _in_any_language(text)


def _of(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    month = parts.get("number") or 1 + _MONTHS.index(parts["month"][:3].lower())
    try:
        return date(int(parts["year"]), int(month), int(parts["day"]))
    except ValueError:
        return None


def _in_numbers(text: str) -> date | None:
    """Read 17/07/2013 and 07/17/2013; 07/08/2013 may be either day, so it is neither."""
    match = _NUMBERS.match(text)
    if not match:
        return None
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    # Only English-speaking countries write the month first, and never with points.
    if first > 12 or first == second or "." in match[0]:
        day, month = first, second
    elif second > 12:
        day, month = second, first
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _in_mail(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        return None


def _in_any_language(text: str) -> date | None:
    """Ask dateparser; never for a relative date, or one without day, month and year."""
    if not re.search(r"(?:19|20)\d\d", text) or not re.search(r"[^\W\d]", text):
        return None
    import dateparser  # type: ignore[import-untyped]  # it ships no types

    found = dateparser.parse(
        text,
        languages=_LANGUAGES,
        settings={"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["year", "month", "day"]},
    )
    return found.date() if found else None


def is_date_line(text: str) -> bool:
    """Say whether a line is a date of publication and little else."""
    if len(text) > _LONGEST + 10 or not re.search(r"\d", text):
        return False
    words = len(text.split())
    if _LABEL.match(text):
        return words <= 14 and date_of_line(text) is not None
    long_words = re.findall(r"[^\W\d_]{4,}", text)
    return words <= 10 and len(long_words) <= 3 and date_of_line(text) is not None


def date_of_line(text: str) -> date | None:
    """Return the date that a line of its own states, a label like "Published" before it."""
    label = _LABEL.match(text)
    rest = (text[label.end() :] if label else text).strip(" :-–—|,.")
    return date_in(text) or (parse_date(rest) if label or _BARE.fullmatch(rest) else None)
