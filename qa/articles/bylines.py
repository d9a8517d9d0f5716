"""Who wrote it: lines like "By Silvia Ayuso".

Knows how bylines are written. Does not know where in an article they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from qa.articles.publishers import publisher_in
from qa.articles.rules import bare

MOST_BYLINE = 160  # characters
MOST_CREDIT = 300  # characters
MOST_NAME = 6  # words of a name that stands alone

_WORD = r"[^\W\d_a-z][\w.'-]*"  # begins with a capital
_PARTICLE = (
    r"(?:de|del|de la|della|la|van|von|van der|der|den|bin|ibn|al|el|di|da|dos|do|du|le|ter)"
)
_NAME = rf"{_WORD}(?: (?:{_PARTICLE} )?{_WORD}){{0,4}}"
_FULL_NAME = rf"{_WORD}(?: (?:{_PARTICLE} )?{_WORD}){{1,4}}"
_AND = r"(?:, and |, with |, | and | & | with | y | e | et | und | en | og | och )"
_NAMES = rf"{_NAME}(?:{_AND}{_NAME}){{0,6}}"
_BY = (
    r"(?:[Bb]y|BY|(?:[Ww]ritten|WRITTEN|[Rr]eported|[Pp]osted|[Pp]ublished|[Ss]tory|[Ww]ords"
    r"|[Tt]ext) (?:by|By|BY)|(?:[Aa]uthors?|AUTHORS?|[Rr]eporter)(?=:))"
)
# Compiled on first use, by `re` itself.
_BYLINE = rf"{_BY}:? (?P<names>(?:the )?{_NAMES})"
_ABROAD = (
    r"(?:Por|POR|Par|PAR|Von|VON|Di|Door|DOOR|Av|Af|Autora?|Autore|Auteur):?"
    rf" (?P<names>{_FULL_NAME}(?:{_AND}{_FULL_NAME})?)"
)
_BARE_NAME = rf"(?P<names>{_NAMES})(?: in {_WORD}(?:,? (?:and )?{_WORD}){{0,3}})?"
# As in "Reporting by Jane Doe in Paris; Editing by Joe Bloggs".
_WORK = (
    r"(?:(?:[Aa]dditional )?(?:[Rr]eporting|[Rr]esearch|[Ww]riting|[Ee]diting|[Cc]ompiled"
    r"|[Tt]ranslat(?:ed|ion)|[Ww]ritten|[Ee]dited|[Pp]roduced)"
    r"(?: and (?:writing|reporting|editing|additional reporting))? [Bb]y"
    r"|[Ww]ith (?:reporting|files|contributions|inputs?) (?:by|from))"
)
_DONE = rf"{_WORK} {_NAMES}(?: (?:in|for) {_NAMES})?"
_CREDIT = rf"[(\[]?{_DONE}(?:(?:[;.,] ?(?:and )?| and | ){_DONE})*[.)\]]*"
# As in "AP writer Jane Doe in Paris contributed to this report." A sentence of the article has a
# verb of its own before that.
_HELPED = (
    r"[(\[_ ]*[^\W\d_a-z](?:[^.!?]|\.(?! [a-z]))*? (?:also )?contributed"
    r"(?: (?:additional |to the |further )?(?:reporting|research|writing))?"
    r"(?: (?:to|for) this (?:report|story|article|piece|post)(?: from [\w ,.]{2,40})?)[.)\]]*"
    rf"|(?:Contributing|Contributors?)(?: to this (?:report|story|article))?: {_NAMES}\.?"
)
# What may stand behind the names and is cut off: a bar, a date, an age, an address.
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_BEHIND = re.compile(
    r"\s*(?:[|•·/–—<(]"
    r"|, ?(?=\d)"
    rf"|\b(?:on )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?{_MONTH} \d"
    rf"|\b(?:on )?\d{{1,2}}(?::\d\d| {_MONTH}|/\d| (?:hours?|minutes?|days?) ago)"
    r"|\b(?:published|updated|posted|last modified)\b(?! by\b)"
    r"|\b(?:19|20)\d\d-"
    r"|, (?:[\w-]+ ){0,4}(?:reporter|editor|correspondent|writer|columnist|journalist)s?\b"
    r"|\bfor\b"
    r"|\S+@\S+|@\w).*",
    re.IGNORECASE,
)
# "By Land and Sea", "By Friday": what else "by" opens.
_NOT_A_NAME = re.compile(
    r"(?:a|an|this|that|these|those|his|her|its|their|our|my|now|then|land|sea|air|road|rail|law"
    r"|design|chance|all|any|most|mid|early|late|years?|day|night|comparison|contrast|order|hand"
    r"|far|default|definition|popular|request|invitation|the (?:way|numbers|book|time|end|sea)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july"
    r"|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_JOB = re.compile(
    r"(?:.*\b)?(?:writers?|reporters?|editors?|correspondents?|staff|columnists?|contributors?"
    r"|bureau(?: chief)?|analysts?|producers?|desk|services?|photographers?|special to .*|chief"
    r"|online|team)",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:(?:world|national|local|international|us|u\.s\.|uk|breaking|latest|top) )?"
    r"(?:news|world|nation(?:al)?|local|international|politics|business|money|finance|economy"
    r"|markets|sports?|culture|arts?|entertainment|media|books|music|film|lifestyle|life|style"
    r"|fashion|food|travel|health|science|tech(?:nology)?|climate|environment|education|society"
    r"|crime|law|justice|opinion|comment|analysis|features?|investigations?|weather|religion"
    r"|europe|africa|asia|americas|middle east|australia)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Byline:
    """Names as they stand in the line, less their jobs; and whom they write for, if it says."""

    names: str
    source: str | None = None


def byline_in(line: str) -> Byline | None:
    """Return what a byline says, or None when the line is none."""
    if len(line) > MOST_BYLINE or (line.rstrip().endswith(".") and line.count(" ") > MOST_NAME):
        return None
    text = _names_only(line)
    match = re.fullmatch(_BYLINE, text) or re.fullmatch(_ABROAD, text)
    if not match or _NOT_A_NAME.match(match["names"]):
        return None
    byline = _byline(match["names"])
    behind = re.split(r"[|•·/–—]", bare(line)[len(text) :])
    return replace(
        byline, source=byline.source or next(filter(None, map(publisher_in, behind)), None)
    )


def bare_name_in(line: str) -> Byline | None:
    """Return the name a line consists of; that it is an author's must show from its neighbours."""
    text = _names_only(line)
    match = re.fullmatch(_BARE_NAME, text)
    if not match or not 2 <= len(match["names"].split()) <= MOST_NAME or text.isupper():
        return None
    return _byline(match["names"])


def beside_section(line: str) -> Byline | None:
    """Return the name in a line of a section and a name: "Environment | Nadia Fenwick"."""
    parts = [part for part in re.split(r"\s*[|•·]\s*", bare(line)) if part]
    others = [part for part in parts if not _SECTION.fullmatch(part)]
    if len(others) != 1 or len(parts) < 2 or publisher_in(others[0]):
        return None
    return bare_name_in(others[0]) if re.fullmatch(_FULL_NAME, others[0]) else None


def is_section(line: str) -> bool:
    """Say whether a line names sections and nothing else: "Culture and Arts", "World | Asia"."""
    parts = re.split(r"\s*[|•·/&,]\s*|\s+and\s+", bare(line))
    return all(_SECTION.fullmatch(part) for part in parts)


def is_job(line: str) -> bool:
    """Say whether a line names what an author does: "Political editor", "BBC News"."""
    text = bare(line)
    return len(text.split()) <= MOST_NAME and bool(_JOB.fullmatch(text) or publisher_in(text))


def is_credit(line: str) -> bool:
    """Say whether a line names reporters and editors: "(Reporting by …; Editing by …)"."""
    if len(line) > MOST_CREDIT:
        return False
    return bool(re.fullmatch(_CREDIT, bare(line)) or re.fullmatch(_HELPED, bare(line)))


def _names_only(line: str) -> str:
    return _BEHIND.sub("", bare(line)).strip(" ,;:")


def _byline(names: str) -> Byline:
    """Take jobs and publishers off the names: "Jane Doe, AP Science Writer"."""
    source = None
    kept: list[str] = []
    for part in re.split(r", (?!and |with )", names):
        publisher = publisher_in(part)
        if publisher and kept:
            source = source or publisher
        elif not (kept and _JOB.fullmatch(part)):
            kept.append(part)
    whole = ", ".join(kept)
    words = whole.split()
    for cut in range(2, len(words)):  # "JANE DOE Associated Press"
        if publisher := publisher_in(" ".join(words[cut:])):
            return Byline(" ".join(words[:cut]), source or publisher)
    return Byline(whole, source or publisher_in(whole))
