"""Lines of news pages: what is furniture, and what only looks like it."""

import pytest

from qa.articles.bylines import Byline, byline_in, is_credit, is_section
from qa.articles.datelines import FORMS, OPENING_FORMS, dateline_in
from qa.articles.furniture import FURNITURE
from qa.articles.furniture_abroad import ABROAD, PHRASES_ABROAD
from qa.articles.publishers import publisher_in
from qa.articles.rules import rule_for

FURNITURE_LINES = {
    "link": """
        READ MORE: Cuba accuses US of seeking to destabilise the country
        Read more: Why the bridge fell
        READ MORE:\u00a0Ten things to know
        Also read: Ten things to know
        Read also: Ten things to know
        See also: Ten things to know
        RELATED: Mayor resigns
        Related story | Mayor resigns
        Related coverage: Mayor resigns
        More on this story: Mayor resigns
        Recommended: Ten walks
        Watch: Dog rescues cat
        WATCH | Dog rescues cat
        Listen: The daily podcast
        Don’t miss: Ten walks
        VIDEO: Fire at the port
        In pictures: Fire at the port
        You may also like: Ten walks
        ▶ Watch more: Fire at the port
        Lea también: Las bicicletas
        Te puede interesar: Las bicicletas
        Leia também: As bicicletas
        Lire aussi : Pourquoi l'eau coûte plus cher
        À lire aussi : Pourquoi l'eau coûte plus cher
        Lesen Sie auch: So sparen Sie Strom
        Leggi anche: Le biciclette
        Lees ook: De fietsen
        Läs också: Cyklarna
        Czytaj też: Rowery
        Читайте также: Велосипеды
        İlgili haberler: Bisikletler
        اقرأ أيضا: الدراجات
        関連記事：自転車
        延伸阅读：自行车
        यह भी पढ़ें: साइकिल
        Baca juga: Sepeda
    """,
    "read on": """
        Click here to subscribe to our channel.
        Click here for more
        Tap here to see the map
        To read more, click here.
        For more videos click here
        Read the full story here
        Read the original article.
        Read more
        Read more about the bridge
        (read more)
        Continue reading
        Continue reading the main story
        View gallery
        Load more
        Seguir leyendo
    """,
    "advertisement": """
        Advertisement
        ADVERTISEMENT
        - Advertisement -
        Advertisement - scroll to continue
        Story continues below advertisement
        Article continues after ad
        Article content
        Sponsored
        Sponsored content
        Promoted by Acme
        Scroll to continue
        Skip ad
        Ad Feedback
        Loading...
        Publicidad
        Anzeige
        Publicité
        Реклама
        広告
    """,
    "newsletter": """
        Sign up for our newsletter
        Sign up for our free daily newsletter and get the news at seven.
        Subscribe to our newsletter to get updates
        Subscribe
        Subscribe now
        Sign up here
        Get the day's top stories in your inbox
        Get breaking news delivered to your inbox every morning.
        Download our app
        Join our WhatsApp channel
        By signing up, you agree to our terms of use and privacy policy.
        Enter your email address
        Newsletter
        Suscríbete a nuestro boletín
        Abonnez-vous à notre lettre
    """,
    "subscriber": """
        Already a subscriber? Log in
        Log in
        Sign in to read the full article
        Create a free account
        Become a member
        Support our journalism with a contribution of any size
        Help us support independent journalism today
        Donate
        Donate now
        You have 2 free articles left this month
        This article is for subscribers only
        Start your free trial
    """,
    "follow": """
        Follow us on Twitter
        Follow us on Facebook, Instagram and X
        Follow @janedoe
        Follow Jane Doe on Twitter: @janedoe
        Follow the author on X
        Follow her on Twitter.
        Like us on Facebook
        Find us on Instagram
        Write to Jane Doe at jane.doe@ledger.example
        Jane Doe can be reached at jdoe@ledger.example.
        Twitter: @janedoe
        Facebook | Twitter | Instagram
        Síguenos en Facebook
        Suivez-nous sur Twitter
    """,
    "share": """
        Share
        Share this
        Share this article
        Share on Facebook
        Tweet
        Facebook Twitter Email Print
        Share | Tweet | Print
        WhatsApp
        Copy link
        1.2K shares
        340 views
        Compartir
        Teilen
    """,
    "comments": """
        12 Comments
        No comments
        No comments:
        0 comments
        Leave a Reply
        Leave a comment
        Post a comment
        Add new comment
        Comments (4)
        Comments are closed
        View all 12 comments
        Join the conversation
        One Comment on “Suspect arrested in freeway shootings”
        Your email address will not be published. Required fields are marked *
        Let us know what you think in the comments below.
    """,
    "copyright": """
        © 2021 The Daily Ledger
        (c) 2021 The Daily Ledger. All rights reserved.
        Copyright 2016 NPR. To see more, visit http://www.npr.org/.
        Copyright © 2020 Havana Times. All rights reserved.
        The Daily Ledger 2020. All rights reserved
        This material may not be published, broadcast, rewritten or redistributed.
        Our Standards: The Thomson Reuters Trust Principles.
        (This story has not been edited by our staff and is auto-generated from a syndicated feed.)
        Todos los derechos reservados
        Alle Rechte vorbehalten.
    """,
    "agency credit": """
        AFP
        AP
        Reuters
        REUTERS
        Getty Images
        AFP/Getty Images
        AFP via Getty Images
        Yamil Lage/AFP
        Yamil Lage / AFP via Getty Images
        John Doe/Getty Images/File
        AP Photo/Ramon Espinosa
        REUTERS/Pascal Pochard-Casabianca/Pool
        Anadolu Agency
        The Associated Press
        — Bernama
        File photo
        Handout
    """,
    "picture credit": """
        Photo: Jane Doe
        Photo: Jane Doe/The Guardian
        Photograph: Dave Owen/Alamy
        Photo by Jane Doe
        Photos by Jane Doe and Joe Bloggs
        Top photo by Jane Doe
        Portrait by Jane Doe
        Photo credit: Jane Doe
        Image: NASA
        Image source, Getty Images
        Image credit: ESA/Webb
        Credit: Jane Doe
        Picture: PA
        Photo courtesy of Jane Doe
        Courtesy of the Doe family
        Illustration: Jane Doe
        Foto: dpa
        Crédit photo : Marie Guéguen
        Фото: Иван Петров
    """,
    "bracketed": """
        (Photo by Jane Doe/Getty Images)
        (Photo: Jane Doe)
        [Image: a map of the road]
        [Photo: Jane Doe]
        (AP Photo/Jane Doe)
        [Reuters]
        (AFP)
        [Embedded content]
        (Image credit: NASA)
        [Jane Doe/Al Jazeera]
        [Harbour museum houses Roman treasures]
        (MORE: Ten best pictures of the quake)
        (See pictures of the spill.)
    """,
    "tags": """
        Tags: Cuba, United States, migration
        Filed under: Cuba
        Topics: Cuba | Migration
        Keywords: Cuba, migration
        #Cuba #US
        Etiquetas: Cuba
    """,
    "reading time": """
        3 Min Read
        4 minute read
        Reading time: 5 minutes
        5 hours ago
        Updated 3 hours ago
        Lesezeit: 4 Min.
    """,
    "label alone": """
        Related stories
        Related Topics
        Most read
        More on this story
        More from the Ledger
        More Must-Reads From The Ledger
        Recommended for you
        Trending now
        Editor’s picks
        Explore
        You may also like
        Next article
        Back to top
    """,
    "navigation": """
        Skip to content
        Menu
        Play video
        This video can not be played
        To play this video you need to enable JavaScript in your browser.
        Listen to this article
    """,
    "consent": """
        We use cookies to improve your experience.
        Accept all cookies
        Privacy policy
        Terms of use | Privacy policy | Contact
    """,
    "end mark": """
        ###
        # # #
        -30-
        - 30 -
        ENDS
        -ends-
        FOR IMMEDIATE RELEASE
    """,
    "source footer": """
        Source: Reuters
        Source: TRTWorld and agencies
        SOURCE Acme Corporation
        Sources: WHO, UN
        Fuente: EFE
        Quelle: dpa
        Kaynak: AA
    """,
}

TEXT_LINES = """
    Restoring consular services in Havana
    Read my lips: no new taxes, he said in 1988.
    Read the new transport bill and you will find one word missing.
    Reading has more rain than London
    Watch for ice on the bridges tonight, the police said.
    More than 200 people came.
    More rain is on the way: forecasters
    Related companies paid 3 million dollars, the court heard.
    Subscribers will pay 3 euros more from May.
    Sign up for the county fair is still open.
    Register to vote online by Friday, the clerk said.
    Follow the money and you end up in a car park.
    Followers of the sect left the town.
    Like many on Twitter, she had her doubts.
    Share prices fell by 3 percent
    Shares of Acme fell by 3 percent on Monday
    Comments by the minister drew laughter
    Comment is free, but facts are sacred
    Copyright law changed in 1976, when Congress extended the term.
    The copyright of the song expired in 2016.
    Photos from the scene show a burnt bus
    Photographs by the dozen hung on the wall
    Pictures of the tunnel went around the world.
    Image problems haunt the party
    Credit Suisse shares fell by 3 percent
    Credit: where credit is due, he said, and left the hall to much applause from all.
    Advertisement revenue fell by half in 2009
    Sponsored by nobody, she swam the Channel in 11 hours.
    Support for independence rose to 48 percent
    Donate blood on Friday, the Red Cross asks
    Source code of the voting machine leaked
    Sources close to the minister denied it.
    Tagged sharks swam 4,000 kilometres
    Topics ranged from fish to finance
    Click beetles eat the roots
    Ends meet for few in the valley
    End of an era in Leeds
    The end of the line
    Q: What happened then?
    A: We left.
    10:45 GMT
    5. Lake Esk
    - 12 eggs
    Cost and jobs
    What we know so far
    Who was Alan Gross?
    Key points
    Background
    Reuters reported that the ship was empty.
    AP Moller-Maersk to cut 3,000 jobs
    AFP chief Mick Gooda resigns
    Bloomberg enters the race
    Contact: Joan Silber, press@calder.example
    For more information, call the clinic at 555-0139.
    Play resumed at noon
    Search for survivors goes on
    Home sales rise in March
    Menu prices rise with the cost of eggs
    Live in fear no more
    X marks the spot
    Explore Mars by 2040, says NASA
    Trending downward: house prices
    Popular singer dies at 80
    Latest figures show a rise
    Topic of cancer
    Previously, the bank had lent 3 million.
    Gallery owner found guilty
    Video shows officer hitting man
    Video: a medium in search of its artists, she called it in an essay from 1979.
    Foto shop closes after 90 years
    Image of the year
    Handouts to farmers double
    Terms of the deal were not disclosed
    Privacy fears over new ID cards
    Anonymous
    Trams ran again on Monday.
    Category: Five
    Image: a failing brand
    Image: Drivers at 11 firms will walk out
    Photo: The ring that was found in a field near Ely
    Chart: unemployment since 1990
    Map: where the fires are
    Credit: 3 points
    Credits: 30
    Graphic: scenes of violence
    See: 14, 15
    Share: 40 percent
    Visit our museum at 12 Main Street
    SOURCE OF THE NILE FOUND
    Source of the Nile
    Privacy policy of Facebook under fire
    Terms of use were unclear
    Subscribe: 30 euros a year
    By the numbers
    Key facts: what we know
    Correction: an earlier version said 12.
    Weather: sunny, 20C
    When: Friday, 8 p.m.
    (Applause)
    [He later said that he was joking.]
    (Corrects 10th paragraph to show that the bridge is in Elm, not in Ash.)
    (See the graph on jobs)
    Jane Doe can be seen in the film
    Write to us by Friday
    More people from the coast moved inland
    [Laughter]
    MAP
    SPA
    Two were hurt (Photo by Ken Aalto)
"""


def lines(block: str) -> list[str]:
    return [line[8:] for line in block.splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("rule", "line"),
    [(rule, line) for rule, block in FURNITURE_LINES.items() for line in lines(block)],
)
def test_furniture(rule: str, line: str):
    found = rule_for(line)
    assert found is not None
    assert found[0].name == rule


@pytest.mark.parametrize("line", [line.strip() for line in TEXT_LINES.splitlines() if line.strip()])
def test_text_is_no_furniture(line: str):
    found = rule_for(line)
    assert found is None, found[0].name


def test_every_rule_has_a_reason_and_an_example():
    names = [rule.name for rule in FURNITURE]
    assert len(names) == len(set(names))
    assert set(names) == set(FURNITURE_LINES)
    assert all(rule.reason for rule in FURNITURE)
    assert set(ABROAD) | set(PHRASES_ABROAD) <= set(names)


def test_long_lines_take_no_time():
    """No pattern backtracks without end: such lines would run for hours."""
    for line in (
        "Jane " * 70,
        "AFP/" * 100,
        "share " * 70,
        "(" * 300,
        "#a " * 100,
        "Read more " * 40,
    ):
        rule_for(line)
        byline_in("By " + line[:150])
        is_credit("Reporting by " + line)
        dateline_in(line)
        publisher_in(line[:150])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Silvia Ayuso", Byline("Silvia Ayuso")),
        ("BY JANE DOE", Byline("JANE DOE")),
        ("by Jane Doe", Byline("Jane Doe")),
        ("By Jane Doe and Joe Bloggs", Byline("Jane Doe and Joe Bloggs")),
        ("By Jane Doe, Joe Bloggs and Li Wei", Byline("Jane Doe, Joe Bloggs and Li Wei")),
        ("By Jane Doe, Staff Writer", Byline("Jane Doe")),
        ("By Jane Doe, CNN", Byline("Jane Doe", "CNN")),
        ("By Jane Doe, AP Science Writer", Byline("Jane Doe")),
        ("By JANE DOE Associated Press", Byline("JANE DOE", "Associated Press")),
        ("By Jane Doe | July 17, 2013", Byline("Jane Doe")),
        ("By Jane Doe July 17, 2013", Byline("Jane Doe")),
        ("By Jane Doe, Published 5:30 PM", Byline("Jane Doe")),
        ("By Jane Doe 5 hours ago", Byline("Jane Doe")),
        ("By Jane Doe jdoe@ledger.example", Byline("Jane Doe")),
        ("By Ludwig van Beethoven", Byline("Ludwig van Beethoven")),
        ("By María de la Cruz", Byline("María de la Cruz")),
        ("By Étienne O’Brien-Smith", Byline("Étienne O'Brien-Smith")),
        ("By The Associated Press", Byline("The Associated Press", "The Associated Press")),
        ("By Reuters", Byline("Reuters", "Reuters")),
        ("Written by Jane Doe", Byline("Jane Doe")),
        ("Author: Jane Doe", Byline("Jane Doe")),
        ("Por Lucía Ferrer", Byline("Lucía Ferrer")),
        ("Von Imke Lahn", Byline("Imke Lahn")),
        ("By the time he left, it was dark", None),
        ("By Friday", None),
        ("By Land and Sea", None),
        ("By 2040", None),
        ("By contrast, Spain won", None),
        ("Bye Bye Birdie", None),
        ("By and large", None),
    ],
)
def test_bylines(line: str, expected: Byline | None):
    assert byline_in(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("(Reporting by Jane Doe; Editing by Joe Bloggs)", True),
        ("Reporting By Thomas Ferraro and Richard Cowan; Editing by Sandra Maler", True),
        ("Additional reporting by Li Wei in Beijing, editing by Jane Doe", True),
        ("Written by Mike Leeson and produced by Josh Deutsch, it was a hit.", False),
        ("Research by Otto Hahn led to its use as a fuel.", False),
        ("Reporting by phone is allowed", False),
        ("Jane Doe contributed to this report.", True),
        ("CNN's Jane Doe, Joe Bloggs and Li Wei contributed to this report.", True),
        ("AP Technology Writer Jane Doe in San José contributed to this report.", True),
        ("AP writers J. Doe in Elm, Ala., and Li Wei contributed reporting to this story.", True),
        ("Contributing: Jane Doe, Joe Bloggs", True),
        ("Cheap loans contributed to this crisis.", False),
        ("The ship sank. A storm contributed to this report of loss.", False),
        ("Contributing: a lack of rain", False),
    ],
)
def test_credits(line: str, *, expected: bool):
    assert is_credit(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Culture and Arts", True),
        ("BUSINESS", True),
        ("World | Asia", True),
        ("Health & Science", True),
        ("Science | Ines Tavora", False),
        ("Culture clash", False),
        ("Crime and punishment", False),
    ],
)
def test_sections(line: str, *, expected: bool):
    assert is_section(line) is expected


@pytest.mark.parametrize(
    ("line", "dateline", "source"),
    [
        ("HAVANA TIMES — The United States and Cuba", "HAVANA TIMES —", "Havana Times"),
        ("WASHINGTON (AP) — The Senate", "WASHINGTON (AP) —", "AP"),
        ("PARIS, March 3 (Reuters) - The minister", "PARIS, March 3 (Reuters) -", "Reuters"),
        ("Washington (CNN) — The Senate", "Washington (CNN) —", "CNN"),
        ("(Reuters) - The Senate", "(Reuters) -", "Reuters"),
        ("NEW DELHI: (ANI) The", None, None),
        ("New Delhi, June 5 (PTI) The court", "New Delhi, June 5 (PTI)", "PTI"),
        ("BEIJING, July 5 (Xinhua) -- China", "BEIJING, July 5 (Xinhua) --", "Xinhua"),
        ("ST. LOUIS, Mo. (KMOV) – Police", "ST. LOUIS, Mo. (KMOV) –", "KMOV"),
        (
            "NEW YORK, Oct. 5, 2023 /PRNewswire/ -- Acme",
            "NEW YORK, Oct. 5, 2023 /PRNewswire/ --",
            "PRNewswire",
        ),
        (
            "SAN JOSE, Calif.--(BUSINESS WIRE)--Acme",
            "SAN JOSE, Calif.--(BUSINESS WIRE)--",
            "Business Wire",
        ),
        ("GENEVA — The talks", "GENEVA —", None),
        ("KUALA LUMPUR, Jan 8 — Farmers", "KUALA LUMPUR, Jan 8 —", None),
        ("NEWPORT NEWS, Va. — A ship", "NEWPORT NEWS, Va. —", None),
        ("The Conservative Party (UK) - which", None, None),
        ("NASA — the agency that runs it — said", None, None),
        ("GE (General Electric) Energy's business", None, None),
        ("The talks - held in Havana - ended", None, None),
    ],
)
def test_datelines(line: str, dateline: str | None, source: str | None):
    found = dateline_in(line + " ended on Monday.")
    assert (found and line[: found.length].rstrip()) == dateline
    assert (found and found.source) == source


def test_each_form_of_a_dateline_has_its_example():
    for example, _ in (*FORMS, *OPENING_FORMS):
        found = dateline_in(example + " minister said so.", opens=True)
        assert found is not None
        assert example[found.length :] == "A"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HAVANA TIMES", "Havana Times"),
        ("The New York Times", "The New York Times"),
        ("BBC News", "BBC News"),
        ("Reuters", "Reuters"),
        ("Alex Lee", None),
        ("Newport News", None),
        ("Times", None),
        ("breaking news", None),
    ],
)
def test_publishers(name: str, expected: str | None):
    assert publisher_in(name) == expected
