"""Rules of the house that a reader relies on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "python" / "wagidx"
HEAVY = [
    "torch",
    "faiss",
    "scipy",
    "matplotlib",
    "pandas",
    "ray",
    "spacy",
    "polars",
    "tqdm",
    "IPython",
]
LAYERS = [
    {
        "exceptions",
        "_optional",
        "_compute",
        "_native",
        "json_values",
        "printable",
        "threads",
        "memory",
        "data",
    },
    {"storage", "progress", "durable", "plots", "processes", "spreadsheet"},
    {"sources", "analysis"},
    {"paper", "fitting", "tagging"},
    {"analyzers"},
    {"building", "insights"},
    {"asking"},
    {"rules"},
    {"report"},
    {"cli"},
    {"__main__"},
]
"""A module imports from its own layer and those before it."""


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """First names behind `wagidx.` that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            first, _, rest = node.module.partition(".")
            if first == "wagidx":
                found |= {rest.split(".")[0]} if rest else {name.name for name in node.names}
    return found


def test_importing_wagidx_loads_nothing_heavy() -> None:
    code = f"import sys, wagidx; print([m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_imports_never_point_upward() -> None:
    level = {name: i for i, layer in enumerate(LAYERS) for name in layer}
    upward = []
    for path in PACKAGE.rglob("*.py"):
        module = module_of(path)
        if module == "__init__":
            continue
        assert module in level, f"{module} has no layer"
        upward += [
            f"{path.name} imports {name}"
            for name in imported(path) & level.keys()
            if level[name] > level[module]
        ]
    assert upward == []


@pytest.mark.parametrize("crate", ["wagidx-text", "wagidx-segment", "wagidx-engine"])
def test_only_the_outermost_crate_names_python(crate: str) -> None:
    for path in [ROOT / "rust" / crate / "Cargo.toml", *(ROOT / "rust" / crate).rglob("*.rs")]:
        assert not re.search(r"\bpyo3\b", path.read_text(encoding="utf-8")), path


def test_crates_depend_one_way() -> None:
    def names(crate: str) -> set[str]:
        text = (ROOT / "rust" / crate / "Cargo.toml").read_text(encoding="utf-8")
        return set(re.findall(r"^(wagidx-\w+)", text, re.MULTILINE))

    assert names("wagidx-text") == set()
    assert names("wagidx-segment") == set()
    assert names("wagidx-engine") == {"wagidx-text", "wagidx-segment"}
    assert names("wagidx-py") == {"wagidx-engine"}


def test_python_enters_rust_through_one_door() -> None:
    sources = (ROOT / "rust" / "wagidx-py").rglob("*.rs")
    detaching = {path.name for path in sources if ".detach(" in path.read_text(encoding="utf-8")}
    assert detaching == {"door.rs"}


def test_files_can_be_held_in_one_read() -> None:
    long = [
        str(path.relative_to(ROOT))
        for folder in ("python", "rust", "scripts", "tests", "benches")
        for pattern in ("*.py", "*.rs")
        for path in (ROOT / folder).rglob(pattern)
        if not {"data", "tables", "demo"} & set(path.parts) and "tables" not in path.name
        if path.read_text(encoding="utf-8").count("\n") > 650
    ]
    assert long == []
