"""The README cannot rot: its Python is run, its commands exist, and every command is in it."""

from __future__ import annotations

import re
import shutil
import sys

import typer
from conftest import ROOT, SEEDS

from qa.cli import app

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?:<!-- not run: (?P<why>[^\n]+?) -->\s*)?^```(?P<kind>\w*)\n(?P<body>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
PYTHON = [found for found in BLOCK.finditer(README) if found["kind"] == "python"]


def line_of(found):
    return README.count("\n", 0, found.start("body")) + 1


def commands():
    """Return {words: command} for every command, those of groups with their group's word."""
    found = {}

    def gather(group, before):
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                gather(command, (*before, name))
            else:
                found[*before, name] = command

    gather(typer.main.get_command(app), ())
    return found


def written_commands():
    """Return [(line, words)] of every `qa …` in a block of commands or in `code`."""
    lines = []
    for found in BLOCK.finditer(README):
        if found["kind"] not in {"python", "json", "text"}:
            start = line_of(found)
            lines += [(start + at, line) for at, line in enumerate(found["body"].splitlines())]
    prose = BLOCK.sub(lambda found: "\n" * found[0].count("\n"), README)
    for at, line in enumerate(prose.splitlines(), start=1):
        lines += [(at, code) for code in re.findall(r"`([^`]+)`", line)]
    command = re.compile(r"(?:^|&&|\||\$|;)\s*(?:[\w./-]*/)?qa ((?:[^|&;#]|&(?!&))+)")
    return [(at, use.split()) for at, line in lines for use in command.findall(line)]


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch):
    """The blocks run in order in one namespace, in a folder as a clone has it."""
    assert PYTHON, "README.md shows no Python"
    shutil.copytree(SEEDS, tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    namespace = {"__name__": "readme"}
    for found in PYTHON:
        if found["why"]:
            continue
        code = "\n" * (line_of(found) - 1) + found["body"]
        exec(compile(code, "README.md", "exec"), namespace)  # noqa: S102  # it is ours


def test_what_is_not_run_has_its_reason_and_is_python():
    for found in PYTHON:
        if found["why"]:
            assert len(found["why"].split()) >= 3
            compile(found["body"], f"README.md:{line_of(found)}", "exec")


def test_every_command_in_the_readme_exists_with_its_options():
    known, groups = commands(), {words[:-1] for words in commands()}
    for line, words in written_commands():
        if words[0].startswith("-"):
            continue  # qa --help
        name = tuple(words[:2]) if (words[0],) in groups else tuple(words[:1])
        assert name in known, f"README.md:{line}: there is no command qa {' '.join(name)}"
        options = {
            option for one in known[name].params for option in (*one.opts, *one.secondary_opts)
        }
        for word in words:
            if re.fullmatch(r"--?[a-z][\w-]*(?:=.*)?", word):
                assert word.partition("=")[0] in options | {"--help", "-h"}, (
                    f"README.md:{line}: qa {' '.join(name)} has no {word}"
                )
        if len(words) > len(name):  # more than the command's name
            for one in known[name].params:
                if one.required and one.opts[0].startswith("-"):
                    assert set(one.opts) & set(words), (
                        f"README.md:{line}: qa {' '.join(name)} needs {one.opts[0]}"
                    )


def test_every_command_is_in_the_readme():
    names = [" ".join(words) for words in commands()]
    missing = [name for name in names if not re.search(rf"\bqa {name}(?![\w-])", README)]
    assert not missing, f"README.md does not show: {', '.join(missing)}"


def test_every_local_link_leads_somewhere():
    prose = BLOCK.sub("", README)
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", prose):
        assert (ROOT / target).exists(), f"README.md links to {target}, which is not there"


def test_the_readme_names_a_python_that_the_package_takes():
    assert sys.version_info >= (3, 11)
    assert "3.11" in README
