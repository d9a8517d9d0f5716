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
    re.compile(rf"\b{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b", re.IGNORECASE),
)
_NUMBERS = re.compile(r"^(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.]" + _YEAR + r"\b")
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
    """Ask dateparser, which knows 200 languages; never for a relative or ambiguous date."""
    if not re.search(r"(?:19|20)\d\d", text) or not re.search(r"[^\W\d]", text):
        return None
    import dateparser  # type: ignore[import-untyped]  # it ships no types

    found = dateparser.parse(
        text,
        settings={"PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["year", "month", "day"]},
    )
    return found.date() if found else None
