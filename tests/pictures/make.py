"""Take the README's pictures: a real conversation on the seed articles, in a real browser.

    python tests/pictures/make.py

Needs Chromium at /usr/bin/chromium. Writes light.png, dark.png and phone.png beside itself.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]

from web_page import ask, serving  # noqa: E402  # found by the line above

CHROMIUM = "/usr/bin/chromium"
TURNS = ("Whose release did the State Department call for?", "How long is his sentence?")
PICTURES = (("light", "light", (1280, 860)), ("dark", "dark", (1280, 860)),
            ("phone", "light", (390, 800)))  # fmt: skip


def main() -> None:
    """Serve the articles, talk to them, take the pictures."""
    from playwright.sync_api import sync_playwright

    import qa
    from qa.web.server import app

    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        qa.build(HERE.parents[1] / "seeds", index)
        pipeline = qa.load(index)
        whole = app(pipeline, feedback=Path(folder) / "feedback.db")
        with serving(whole) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
            )
            for name, scheme, (width, height) in PICTURES:
                page = browser.new_page(
                    color_scheme=scheme,
                    viewport={"width": width, "height": height},
                    reduced_motion="reduce",
                )
                page.set_default_timeout(120_000)
                page.goto(url)
                page.wait_for_selector(".welcome")
                for number, question in enumerate(TURNS, start=1):
                    ask(page, question, number)
                if name == "phone":
                    page.locator("#turn-2 .citation button").first.click()
                page.wait_for_timeout(1500)
                page.screenshot(path=HERE / f"{name}.png")
            browser.close()


if __name__ == "__main__":
    main()
