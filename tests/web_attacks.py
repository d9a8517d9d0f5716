"""Attack strings, in every place that an article, a question or a file name offers.

Each would set `window.pwned`, show a dialog or fetch from elsewhere if anything of it ran.
"""

from __future__ import annotations

SCRIPT = "<script>window.pwned=1</script>"
IMAGE = '<img src=x onerror="window.pwned=1">'
SVG = "<svg/onload=window.pwned=1>"
BREAKOUT = "\"'><img src=https://evil.example/x onerror=alert(1)>"
ENTITY = "&lt;img src=x onerror=alert(1)&gt;"
TEMPLATE = "${window.pwned=1} {{constructor.constructor('window.pwned=1')()}} {% raw %}"
CLOSING = "</mark></bdi></p></div></script><script>alert(1)</script>"
FRAME = '<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>'
LINK = "[press](javascript:alert(1)) <a href=javascript:alert(1)>press</a>"
BIDI = "harmless \u202egpj.exe"

ALL = (SCRIPT, IMAGE, SVG, BREAKOUT, ENTITY, TEMPLATE, CLOSING, FRAME, LINK, BIDI)

ARTICLES = [
    {
        "id": f"hostile <b onmouseover=alert(1)>{number}",
        "title": f"Zorvath report {number} {attack}",
        "text": f"Zorvath report {number}\n\nThe Zorvath commission number {number} was led by "
        f"Quentin {attack} Marsh in the town of Plinth. {attack} It met {number + 3} times.",
        "source": f"Gazette {attack}",
        "url": (
            "javascript:alert(document.domain)",
            "data:text/html,<script>alert(1)</script>",
            'https://evil.example/"onmouseover=alert(1)',
            " javascript:alert(1)",
        )[number % 4],
    }
    for number, attack in enumerate(ALL)
]
