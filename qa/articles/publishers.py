"""How publishers are called.

Knows names of agencies, broadcasters and press services, and the words with which newspapers'
names end. Does not know where a name stands.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qa.articles.rules import pattern_of

_NAMED = """
    ABC|Al Jazeera|Axios|BBC|CBC|CBS|CGTN|CNBC|CNN|Condé Nast|Deutsche Welle|DW|Euronews|France 24
    MSNBC|NBC|NDTV|NPR|PBS|Politico|POLITICO|Quartz|RFE/RL|RFI|The Conversation|The Economist
    The Guardian|The Hill|TRT World|VOA|Voice of America|Vox
    ACCESSWIRE|BUSINESS WIRE|Business ?Wire|EIN Presswire|GLOBE ?NEWSWIRE|GlobeNewswire|MarketWatch
    MNI|Newswise|PR ?Newswire
"""
_LAST_WORDS = """
    Argus|Beacon|Broadcasting|Bulletin|Chronicle|Courier|Daily|Dispatch|Echo|Examiner|Gazette
    Globe|Guardian|Herald|Independent|Inquirer|Journal|Magazine|Mail|Mirror|Monitor|Network|News
    News Agency|News Service|Newspaper|Newswire|Observer|Post|Press|Radio|Register|Report
    Reporter|Review|Sentinel|Standard|Telegraph|Times|Tribune|Weekly|Wire
"""
_WORD = r"[A-Z][\w'&.-]*"
_NOT_A_PUBLISHER = {"newport news"}  # a city


def publisher_in(name: str) -> str | None:
    """Return `name`, in ordinary capitals, if publishers are called so; else None."""
    name = name.strip(" .,:;-–—")
    if name.casefold() in _NOT_A_PUBLISHER or not _pattern().fullmatch(name):
        return None
    return name.title() if name.isupper() and " " in name else name


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    named, last = (_alternatives(words) for words in (_NAMED, _LAST_WORDS))
    more = r"(?: (?:News|Sport|Online|Business|Politics|World|Radio|Service))?"
    return pattern_of(
        f"""
        <agency>
        (?-i:(?:{named}){more})
        (?-i:{_WORD}(?: (?:{_WORD}|of|de|the|and)){{0,5}} (?:{last}|{last.upper()}))
        """
    )


def _alternatives(words: str) -> str:
    return "|".join(line.strip() for line in words.split("\n") if line.strip())
