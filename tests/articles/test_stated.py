"""What web pages state about themselves: forms as they occur, with invented names."""

import pytest

from qa.articles import stated

LEDGER = ("The Daily Ledger", "https://www.dailyledger.co.uk/2024/tram")


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Tram line opens | The Daily Ledger", "Tram line opens"),
        ("Tram line opens - Daily Ledger", "Tram line opens"),
        ("Tram line opens -- DailyLedger.co.uk", "Tram line opens"),
        ("Tram line opens – Daily Ledger Politics", "Tram line opens"),
        ("Daily Ledger | Tram line opens", "Tram line opens"),
        ("The Daily Ledger: Tram line opens", "Tram line opens"),
        ("Tram line opens - Omar Said and Ida Berg | Daily Ledger", "Tram line opens"),
        ("Tram line opens - at last", "Tram line opens - at last"),
        (
            "Editor quits - Daily Ledger loses its head",
            "Editor quits - Daily Ledger loses its head",
        ),
        ("Analysis: who pays for the trams", "Analysis: who pays for the trams"),
        ("Daily Ledger", "Daily Ledger"),
        ("Daily Ledgers of 1812 found", "Daily Ledgers of 1812 found"),
        ("3-1: how the match was won", "3-1: how the match was won"),
    ],
)
def test_headline(title: str, kept: str):
    assert stated.headline(title, *LEDGER, "Omar Said; Ida Berg") == kept


def test_headline_of_a_page_that_says_nothing_else():
    assert stated.headline("Tram line opens - Home", None, None, None) == "Tram line opens - Home"
    assert stated.headline(None, *LEDGER, None) is None


@pytest.mark.parametrize(
    ("authors", "kept"),
    [
        ("Omar Said; Ida Berg", "Omar Said; Ida Berg"),
        ("OMAR SAID; IDA BERG; AP", "OMAR SAID; IDA BERG"),
        ("Omar Said; Daily Ledger", "Omar Said"),
        ("Dailyledger Co Uk", None),
        ("The Daily Ledger", None),
        ("Username", None),
        ("Account You're logged", None),
        ("Omar Said; Apr", "Omar Said"),
        ("Omar Said March", "Omar Said"),
        ("By Omar Said", "Omar Said"),
        ("Associated Press", "Associated Press"),
        ("AFP", "AFP"),
        ("Omar Said; AFP", "Omar Said"),
        ("National Desk", "National Desk"),
        ("Charles de la Tour; Ana van der Meer", "Charles de la Tour; Ana van der Meer"),
        ("Brenda Li; MA", "Brenda Li"),
        ("", None),
        (None, None),
    ],
)
def test_byline(authors: str | None, kept: str | None):
    assert stated.byline(authors, *LEDGER) == kept


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("The Daily Ledger", "The Daily Ledger"),
        ("http://www.ledger.example", "ledger.example"),
        ("www.ledger.example", "ledger.example"),
        ("Ledger | All the news of the coast", "Ledger"),
        ("Ledger – the coast’s own paper", "Ledger"),
        ("News-Ledger", "News-Ledger"),
        (None, None),
    ],
)
def test_site(name: str | None, kept: str | None):
    assert stated.site(name) == kept
