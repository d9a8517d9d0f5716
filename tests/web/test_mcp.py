"""The MCP tools, called by the protocol's own client over a real server with a password."""

from __future__ import annotations

import base64
import json
import os
import site
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest
from web_process import PATIENCE, ROOT, running

from qa import schema
from qa.errors import ConfigError
from qa.web import mcp

QUESTION = "Whose release did the State Department call for?"
SECRET = "ada:a long secret"  # noqa: S105  # of a server that lives for this test
CALLS = [
    ["ask", {"question": QUESTION}],
    ["ask", {"question": "What is the capital of the moon?"}],
    ["ask", {"question": "Who was elected mayor of Velmora?", "sources": ["Velmora Post"]}],
    ["search", {"question": "rafters crisis", "k": 2}],
    ["quote", {"text": "He beat Ana Brandt by 310 votes — “really”."}],
    ["article", {"article_id": "mayor-2023"}],
    ["article", {"article_id": "nowhere"}],
    ["ask", {"question": 5}],
    ["ask", {"question": "x" * 1001}],
    ["shout", {}],
]


@pytest.fixture(scope="module")
def overlay(tmp_path_factory) -> Path:
    """Python of an environment that sees the running one, with what the extra needs besides.

    The extra may need other versions than the plain install, so it must not touch that one.
    """
    folder = tmp_path_factory.mktemp("overlay")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    below = "; ".join(f"site.addsitedir({place!r})" for place in site.getsitepackages())
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    Path(found.stdout.strip(), "below.pth").write_text(f"import site; {below}\n")
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "-q",
         "--disable-pip-version-check", *extra["mcp"]],
        check=True, timeout=PATIENCE,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )  # fmt: skip
    return python


@pytest.fixture(scope="module")
def talked(overlay, web_pipeline, tmp_path_factory):
    """What the client got, and what REST on the same server says to the same calls."""
    folder = tmp_path_factory.mktemp("mcp")
    (folder / "users").write_text(SECRET)
    known = "Basic " + base64.b64encode(SECRET.encode()).decode()
    index = web_pipeline.index.path
    with running(
        index, "--mcp", "--auth", folder / "users", log=folder / "log", python=overlay
    ) as server:
        done = subprocess.run(
            [overlay, ROOT / "tests" / "mcp_client.py", f"{server.url}{mcp.PATH}", known,
             json.dumps(CALLS)],
            capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + server.said()
        with httpx.Client(
            base_url=server.url, headers={"authorization": known}, timeout=PATIENCE
        ) as client:
            posted = [
                client.get(f"/v1/articles/{given['article_id']}")
                if name == "article"
                else client.post(f"/v1/{name}", json=given)
                for name, given in CALLS
            ]
        closed = httpx.post(f"{server.url}{mcp.PATH}", json={}).status_code
    return json.loads(done.stdout), posted, closed


def without_times(form):
    return {name: value for name, value in form.items() if name != "seconds"}


def test_a_tool_returns_what_rest_returns(talked):
    got, posted, _ = talked
    for way in ("results", "at_once"):
        for (name, _), result, response in zip(CALLS, got[way], posted, strict=True):
            assert not (result["isError"] and response.is_success)
            form = json.loads(result["content"][0]["text"])
            if name != "shout":
                assert result["isError"] is not response.is_success
            if not response.is_success:
                assert set(form["error"]) == {"what", "cure"}
                continue
            assert without_times(form) == without_times(response.json())
            assert result["structuredContent"] == form
    first, nothing, mayor = (result["structuredContent"] for result in got["results"][:3])
    assert first["text"] == "Alan Gross"
    assert nothing["text"] is None
    assert nothing["reason"]
    assert mayor["text"] == "Ana Brandt"


def test_trouble_is_told_in_words(talked):
    results = talked[0]["results"]
    said = [json.loads(result["content"][0]["text"])["error"]["what"] for result in results[-4:]]
    assert "nowhere" in said[0]
    assert said[1].startswith("question: ")
    assert "at most 1,000" in said[2]
    assert "shout" in said[3]


def test_each_tool_says_what_it_does_reads_and_returns(talked):
    tools = {tool["name"]: tool for tool in talked[0]["tools"]}
    assert set(tools) == {"ask", "search", "quote", "article"}
    assert "verbatim quotation" in tools["ask"]["description"]
    assert "Raises" not in tools["ask"]["description"]
    assert tools["ask"]["inputSchema"]["required"] == ["question"]
    form = tools["ask"]["outputSchema"]
    assert set(form["properties"]) == set(schema.AnswerForm.__annotations__)
    assert "Probability" in form["properties"]["confidence"]["description"]
    for tool in tools.values():
        for field in tool["inputSchema"]["properties"].values():
            assert field["description"]


def test_the_password_guards_the_tools(talked):
    assert talked[2] == 401


def test_without_its_package_mcp_says_what_to_install(monkeypatch, web_pipeline):
    from qa.web.server import app

    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"quoth-qa\[mcp\]"):
        app(web_pipeline, mcp=True)
