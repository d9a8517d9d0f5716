"""Check a quotation against the articles: exact, edited or absent.

    check = find_quote(index.snapshot(), "an ongoing process")
    check.verdict, check.matches[0].article.title

Knows the public names. `form.py` undoes typography, `align.py` aligns words, `find.py` searches.
"""

from qa.quotes.find import Difference, Edit, QuoteCheck, QuoteMatch, Verdict, find_quote

__all__ = ["Difference", "Edit", "QuoteCheck", "QuoteMatch", "Verdict", "find_quote"]
