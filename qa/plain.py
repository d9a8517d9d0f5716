"""A question without what people say around it: "Hi! Could you tell me who won, please?".

Knows greetings, thanks and polite frames of English. Does not know articles. Readers are trained
on bare questions, and "No article mentions “Hi”" helps nobody.
"""

from __future__ import annotations

import re

_ASKING = (
    r"(?:who|whom|whose|what|when|where|which|why|how|am|is|are|was|were|do|does|did|has|have|had"
    r"|can|could|will|would|should|may|might|must)(?:['’](?:s|re|d|ll)|n['’]t)?\b"
)
_EMBEDDED = r"(?=(?:who|whom|whose|what|when|where|which|why|how|whether|if)\b)"
_ALL = r"(?: (?:there|all|everyone|everybody|again|folks|team|bot|quoth))*"
_HELLO = r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|dear)"
_THANKS = r"(?:many )?(?:thanks|thank you|thx|cheers)(?: (?:so|very) much| a lot| again)?"
_WELL = (
    r"(?:ok(?:ay)?|all ?right|right|sure|yes|yeah|yep|no|nope|well|so|great|cool|nice|perfect"
    r"|got it|i see|fine|good|interesting|sorry|excuse me|pardon|hm+|u[hm]+|oh|ah|now|then|and|but"
    r"|also|actually|basically|by the way|btw|just curious|curious|first|next|finally)"
)
_ARTICLE = (
    r" (?:the|this|these|that|my|our|your|all)(?: of the)?"
    r" (?:news )?(?:articles?|texts?|passages?|stor(?:y|ies)|documents?|news|sources?)"
)
_ME = r"(?: (?:to )?(?:me|us))?"
_YOU = r"(?:(?:can|could|would|will) (?:you|anyone|anybody|someone|somebody)(?: please| kindly)? )"
_FRAME = "|".join(
    (
        rf"{_YOU}?(?:please )?(?:tell|show|remind|inform){_ME}",
        rf"{_YOU}?(?:please )?(?:say|explain{_ME}|find out|check|look up|let (?:me|us) know)",
        r"(?:do|does|did) (?:you|we|anyone|anybody|someone) (?:happen to )?(?:know|remember)",
        r"(?:do|does|did) (?:the|this|these|any|your|my) articles? (?:say|tell|mention|state)",
        r"(?:(?:do you have )?any idea|is it known|is there any word on)",
        r"(?:i (?:want|wanted|need|would like)|i['’]d like) to (?:know|find out|ask)(?: you)?",
        r"(?:i(?:['’]m| am) )?(?:just )?(?:wondering|curious|asking|interested in knowing)",
        r"i (?:wonder|was wondering)|(?:may|can|could) i ask(?: you)?|let me ask(?: you)?",
    )
)
_BEFORE = re.compile(
    rf"(?:{_HELLO}{_ALL}|{_THANKS})(?:\s*[,!.:;…–—-]+\s*|\s+(?={_ASKING}))"
    rf"|{_WELL}(?:\s*[,!.;…]+\s*|\s+(?={_ASKING}))"  # "Nice: what is it known for?"
    rf"|(?:please|pls|kindly)[,:]?\s+"
    r"|(?:(?:a |one |my |another |quick |simple |next )*question(?: for you)?|q)\s*[:–—-]\s*"
    rf"|(?:according to|in|based on|from){_ARTICLE}\s*[,:]?\s+(?={_ASKING})"
    rf"|(?:{_FRAME}),?\s+{_EMBEDDED}",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"(?:[,;.!?]*\s+(?:please|pls|kindly|according to{_ARTICLE})|[,;.!?]+\s*{_THANKS})+"
    r"(?P<end>[?.!\s]*)$",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(
    r"(?P<asked>who|what|where|when|why|how)['’]?s (?!been\b|got\b|\w+ed\b)", re.IGNORECASE
)
_NOTHING = re.compile(
    rf"(?:(?:{_HELLO}{_ALL}|{_THANKS}|{_WELL}|(?:good)?bye|how are you(?: doing)?|please"
    rf"|help(?: me)?|test(?:ing)?)\b[\s,!.?:;…]*)+",
    re.IGNORECASE,
)


def plain(question: str) -> str:
    """Return `question` less greetings, thanks and polite frames; as it is where all is such.

    "What's" is written out, as in what readers are trained on.
    """
    left = question
    while (found := _BEFORE.match(left)) and any(map(str.isalnum, left[found.end() :])):
        left = left[found.end() :]
    found = _BEHIND.search(left)
    if found and any(map(str.isalnum, left[: found.start()])):
        end = "?" if "?" in found.group() else found["end"].strip()
        left = left[: found.start()] + end
    return _CONTRACTED.sub(r"\g<asked> is ", left, count=1) if _CONTRACTED.match(left) else left


def is_small_talk(question: str) -> bool:
    """Say whether there is nothing in it but a greeting, thanks or the like."""
    return _NOTHING.fullmatch(question.strip()) is not None
