"""What browser tests do again and again."""

from __future__ import annotations


def ask(page, question, number):
    """Type a question, press Enter and wait for turn `number`; return its locator."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    turn = page.locator(f"#turn-{number}")
    turn.locator(".answer, .trouble").first.wait_for()
    return turn


def in_view(page, selector):
    """Say whether the middle of an element is where a reader sees it, covered by nothing."""
    return page.evaluate(
        """(selector) => {
            const box = document.querySelector(selector).getBoundingClientRect();
            const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
            const at = document.elementFromPoint(x, y);
            return !!at && !!at.closest(selector);
        }""",
        selector,
    )
