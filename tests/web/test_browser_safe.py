"""The page against hostile text, for the keyboard and the screen reader, and on a phone."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
import web_attacks
from playwright.sync_api import expect
from web_page import IN_VIEW, ask

PHONE = (390, 844)
# Elements, handlers and addresses that no template of ours makes.
FOREIGN = r"""() => [...document.querySelectorAll('.quoth-part *')].filter((node) =>
    /^(script|iframe|img|svg|object|embed)$/i.test(node.tagName)
    || [...node.attributes].some((attribute) => attribute.name.startsWith('on')
        || /^\s*(javascript:|data:text.html)/i.test(attribute.value))
).map((node) => node.outerHTML)"""


def assert_untouched(page):
    """Nothing of an attack ran; the `open_page` fixture sees to dialogs, errors and requests."""
    page.wait_for_timeout(200)
    assert page.evaluate("window.pwned") is None
    assert page.evaluate(FOREIGN) == []


def test_nothing_in_a_hostile_article_runs(page):
    page.get_by_role("tab", name="Articles").click()
    page.get_by_label("Find articles").fill("Zorvath report")
    page.locator(".corpus .hits button").first.wait_for()
    assert_untouched(page)
    opened = page.locator(".articles .link", has_text="Zorvath report")
    expect(opened).to_have_count(len(web_attacks.ALL))
    for number in range(len(web_attacks.ALL)):
        opened.nth(number).click()
        page.locator("#article h2", has_text=f"Zorvath report {number}").wait_for()
        assert_untouched(page)
        expect(page.locator("#article .actions a")).to_have_count(0)  # no such address is offered
    text = page.locator("#article .text")
    expect(text).to_contain_text("The Zorvath commission number 9 was led by")
    expect(text).not_to_contain_text("\u202e")


@pytest.mark.parametrize("number", range(len(web_attacks.ALL)))
def test_a_quotation_from_a_hostile_article_is_only_text(page, number):
    turn = ask(page, f"In which town did the Zorvath commission number {number} meet?", 1)
    turn.get_by_text("How I found this").click()
    for summary in turn.locator("details.others summary").all():
        summary.click()
    assert_untouched(page)


def test_a_hostile_question_is_shown_as_it_was_typed(page):
    for number, attack in enumerate(web_attacks.ALL[:-1], start=1):
        turn = ask(page, attack, number)
        assert turn.locator(".question bdi").text_content() == attack
        assert_untouched(page)
    for attack in (web_attacks.SCRIPT, web_attacks.TEMPLATE):
        page.get_by_role("tab", name="Quotations").click()
        page.get_by_label("Sentence to check").fill(attack)
        page.get_by_role("button", name="Check", exact=True).click()
        page.locator(".outcome, .checked .trouble").first.wait_for()
        assert_untouched(page)


def test_even_markup_that_slipped_through_could_not_run(chromium, served):
    context = chromium.new_context()  # not a watched page: the browser's own refusal is wanted
    page = context.new_page()
    refusals = []
    page.on("console", lambda message: refusals.append(message.text))
    page.goto(served.url)
    page.wait_for_selector(".welcome")
    page.evaluate(
        """() => { const node = document.createElement('div'); document.body.append(node);
            node.innerHTML = '<img src="/no-such-image" onerror="window.pwned = 1">'
                + '<a id="evil" href="javascript:window.pwned=2">press</a>'; }"""
    )
    page.evaluate("document.getElementById('evil').click()")
    page.wait_for_timeout(500)
    assert page.evaluate("window.pwned") is None
    assert sum("Content Security Policy" in text for text in refusals) >= 2
    context.close()


def test_everything_is_reached_by_keyboard(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_label("Your question").focus()
    page.keyboard.type("Whose release did the State Department call for?")
    page.keyboard.press("Enter")
    page.locator("#turn-1 .answer").wait_for()
    wanted = {"Open citation 1", "How I found this", "Right", "Wrong", "Save this conversation"}
    seen = set()
    page.get_by_role("tab", name="Ask", exact=True).focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement.ariaLabel || document.activeElement.innerText || ''"
        )
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        for label in wanted:
            if re.search(label, name):
                assert outline != "none", name
                seen.add(label)
        if "Open citation 1" in name and "opened" not in seen:
            seen.add("opened")
            page.keyboard.press("Enter")
            page.wait_for_function("document.activeElement?.tagName === 'H2'")
            page.locator("#turn-1 .citation button").first.focus()
        if wanted < seen:
            break
    assert wanted <= seen - {"opened"}


def axe(page):
    from axe_playwright_python.sync_playwright import Axe

    # Through the protocol, which the page's own policy against scripts does not bind.
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    assert Axe is not None
    found = page.evaluate("axe.run(document)")
    return [
        (bad["id"], bad["impact"], [node["html"][:160] for node in bad["nodes"][:3]])
        for bad in found["violations"]
        if bad["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page, scheme):
    page = open_page(scheme=scheme)
    assert axe(page) == []
    turn = ask(page, "Who was elected mayor of Velmora?", 1)
    for summary in turn.locator("summary").all():
        summary.click()
    turn.get_by_role("button", name="Wrong").click()
    turn.get_by_label("A note").wait_for()
    page.get_by_role("button", name="Filters").click()
    page.locator(".filters .scope").wait_for()
    ask(page, "What is the capital of the moon?", 2)
    assert axe(page) == []
    page.get_by_role("tab", name="Articles").click()
    page.locator(".articles li").first.wait_for()
    assert axe(page) == []
    page.get_by_role("tab", name="Quotations").click()
    page.get_by_label("Sentence to check").fill("it also repeated its call for the release")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator(".outcome").wait_for()
    assert axe(page) == []
    page.get_by_role("tab", name="About").click()
    page.locator(".about h2").wait_for()
    assert axe(page) == []


def test_on_a_phone_the_article_is_a_tap_away_and_back(open_page):
    page = open_page(size=PHONE, touch=True)
    turn = ask(page, "Whose release did the State Department call for?", 1)
    expect(page.locator("#article-column")).to_be_hidden()
    citation = turn.get_by_role("button", name="Open citation 1")
    citation.tap()
    page.locator("#article-column mark").wait_for()
    page.wait_for_function(IN_VIEW, arg="#article mark")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert axe(page) == []
    page.get_by_role("button", name="Back to the conversation").tap()
    page.locator("#article-column").wait_for(state="hidden")
    expect(citation).to_be_focused()
    for room in ("Articles", "Quotations", "About", "Ask"):
        page.get_by_role("tab", name=room, exact=True).tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], room
