"""How a line is matched against the rules, and the words the rules share.

Knows the form of a rule. Does not know the rules themselves (`furniture`, `furniture_abroad`)
nor where in an article a line stands (`boilerplate`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Words written <so> in a rule.
WORDS = {
    "network": (
        r"(?:facebook|twitter|x|instagram|you ?tube|telegram|whats ?app|linkedin|tik ?tok|threads"
        r"|mastodon|bluesky|reddit|pinterest|flipboard|google news|apple news|wechat|snapchat|vk"
        r"|social media)"
    ),
    # News agencies and picture desks: under a picture their bare name is a credit.
    "agency": (
        r"(?-i:AFP|AP|APTN|APA|(?:Thomson )?Reuters|REUTERS|EPA(?:-EFE)?|EFE|ANSA|DPA|dpa"
        r"|PA(?: Media| Wire| Images)?|Press Association|(?:The )?Associated Press|AAP"
        r"|ASSOCIATED PRESS|Agence France[- ]Presse|(?:The )?Canadian Press|UPI|Bloomberg"
        r"|Getty(?: Images)?|GETTY IMAGES|iStock(?:photo)?|Shutterstock|Alamy(?: Stock Photo)?"
        r"|Xinhua|Tass|TASS|RIA Novosti|Sputnik|Interfax|Ukrinform|ANI|PTI|IANS|BSS"
        r"|Anadolu(?: Agency| Ajansı)?|AA|DHA|İHA|Bernama|BERNAMA|Antara|VNA|CNA|Kyodo(?: News)?"
        r"|Yonhap|Jiji(?: Press)?|SANA|IRNA|WAFA|QNA|WAM|KUNA|APS"
        r"|Agência Brasil|Télam|Prensa Latina|Andina|Notimex|Lusa|ANP|Belga|NTB|Ritzau|CTK"
        r"|ČTK|PAP|MTI|Tanjug|AGERPRES|NurPhoto|SIPA(?: USA)?|ZUMA(?: Press| Wire)?|IMAGO|Imago"
        r"|imago images|Keystone|Picture Alliance|USA Today(?: Sports| Network)?|Imagn(?: Images)?"
        r"|Magnum Photos|Corbis|Rex Features|WENN|Wikimedia(?: Commons)?|Unsplash"
        r"|Pexels|Pixabay|Flickr|Creative Commons)"
    ),
    "name": r"(?-i:[^\W\d_a-z][\w.'-]*)",
    "page": r"(?:story|article|report|post|piece|text|page|content|news)",
    "headline": r"\S.*",
    # Names have few small letters; a caption has many.
    "names": r"(?-i:(?!(?:.*\b[a-z]{3,}\b){4}))\S.{0,100}",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of line that is not the article."""

    name: str
    reason: str
    # One regular expression a line, of the whole line; "…" is any text of up to 100 characters.
    lines: str
    most_words: int = 30  # a longer line is running text
    sentence: bool = False  # whether a line of more than three words may end with a full stop
    decorated: bool = False  # match the line with the dashes around it
    phrases: tuple[str, ...] = ()  # in lower case; a line that holds one matches, too


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[Rule, re.Pattern[str], tuple[str, ...]], ...]:
    """Compile the rules of all languages, on first use."""
    from qa.articles.furniture import FURNITURE
    from qa.articles.furniture_abroad import ABROAD, PHRASES_ABROAD

    return tuple(
        (
            rule,
            pattern_of(rule.lines + ABROAD.get(rule.name, "")),
            rule.phrases + PHRASES_ABROAD.get(rule.name, ()),
        )
        for rule in FURNITURE
    )


def pattern_of(lines: str) -> re.Pattern[str]:
    """Compile the alternatives of a rule, one a line."""
    alternatives = [line.strip() for line in lines.splitlines() if line.strip()]
    joined = "|".join(f"(?:{line})" for line in alternatives).replace("…", ".{0,100}")
    for word, meaning in WORDS.items():
        joined = joined.replace(f"<{word}>", meaning)
    return re.compile(joined, re.IGNORECASE)


_LONGEST = 600  # characters of a line that can be furniture
_MOST_WORDS = 75
_DECORATION = re.compile(r"^[^\w\"'“‘«(\[#@$£€¿¡©&+-]+|^-{1,3}\s+")
_DECORATION_AFTER = re.compile(r"(?:[\s\u200b\ufeff*_|»›>→▶►▸•·]|\s[-–—]+)+$")
_APOSTROPHE = re.compile("[’‘ʼ]")


def bare(line: str) -> str:
    """Drop what decorates a line (bullets, arrows), and level its spaces and apostrophes."""
    core = _DECORATION_AFTER.sub("", _DECORATION.sub("", line.strip()))
    return " ".join(_APOSTROPHE.sub("'", core or line).split())


def rule_for(line: str) -> tuple[Rule, re.Match[str] | None] | None:
    """Return the first rule that a whole line matches, and the match (None for a phrase's)."""
    if len(line) > _LONGEST:
        return None
    core = bare(line)
    words = core.count(" ") + 1
    if words > _MOST_WORDS:
        return None
    sentence = words > 3 and core.endswith((".", ".)", '."', ".”")) and not core.endswith("...")
    low, whole = core.lower(), line.strip()
    for rule, pattern, phrases in _compiled():
        if words > rule.most_words or (sentence and not rule.sentence):
            continue
        match = pattern.fullmatch(whole if rule.decorated else core)
        if match or any(phrase in low for phrase in phrases):
            return rule, match
    return None


def ends_as_sentence(line: str) -> bool:
    """Say whether a line ends as a sentence does."""
    return line.rstrip("\"'”’»)]】」 ")[-1:] in {*".!?…。！？।؟"}
