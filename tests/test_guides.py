"""Every command block of the documents does what the document shows; see `guide`."""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import made_up_release
import pytest
from guide import NOT_RUN, Block, agrees, blocks, steps

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
RUN = {"console", "pycon"}
NOT_RUN_AT_MOST = 2


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def in_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a user types it, with the program of this Python first."""
    hidden = {"NO_COLOR", "WAGIDX_DEBUG"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env["PATH"]])
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=env,
        timeout=120,
    )


def run_console(block: Block, folder: Path) -> None:
    """Run the commands of a block; one that fails has to show its error."""
    for step in steps(block):
        result = in_shell(step.command, folder)
        place = f"line {block.line}: {step.command}"
        assert agrees(step.printed, result.stdout), f"{place}\nprints\n{result.stdout}"
        assert result.returncode == 0 or "error: " in step.printed, place


def run_pycon(block: Block, document: Path, names: dict[str, Any]) -> None:
    """Run the expressions of a block; they share `names` with the other blocks."""
    test = doctest.DocTestParser().get_doctest(
        block.text, names, document.name, str(document), block.line - 1
    )
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(test, out=said.append, clear_globs=False)
    names.update(test.globs)
    assert said == [], "".join(said)


@pytest.mark.parametrize(
    "document",
    [path for path in DOCUMENTS if any(block.kind in RUN for block in blocks(path))],
    ids=named,
)
def test_a_document_shows_what_happens(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for block in blocks(document):
        if block.kind == "console":
            run_console(block, tmp_path)
        elif block.kind == "pycon":
            run_pycon(block, document, names)


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_block_says_how_it_is_checked(document: Path) -> None:
    for block in blocks(document):
        assert block.kind in {*RUN, "text", "sh"}, f"line {block.line}: {block.kind!r}"
        if block.kind == "sh":
            assert NOT_RUN.search(block.before), f"line {block.line}: not run, and no reason"


def test_the_first_document_runs_and_few_blocks_do_not() -> None:
    kinds = {path.name: [block.kind for block in blocks(path)] for path in DOCUMENTS}
    assert set(kinds["README.md"]) >= RUN
    assert sum(each.count("sh") for each in kinds.values()) <= NOT_RUN_AT_MOST


def test_make_targets_of_the_documents_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    named_there = set(re.findall(r"^make ([\w-]+)|`make ([\w-]+)", text, re.MULTILINE))
    assert {a or b for a, b in named_there} - targets == set()


def save_model(folder: Path) -> None:
    """A spaCy model that knows one tag, in the place of one to be downloaded."""
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("en")
    nlp.add_pipe("tagger").add_label("NN")
    nlp.initialize()
    nlp.to_disk(folder)


def test_every_example_of_the_reference_works(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    examples = re.findall(r"^  Example: (.+)$", text, re.MULTILINE)
    assert len(examples) == text.count("\n## wagidx")
    in_shell("wagidx demo . -q && cp -r shards more-shards", tmp_path)
    in_shell("wagidx build shards -o first.wagidx -q", tmp_path)
    in_shell("wagidx build more-shards -o second.wagidx -q", tmp_path)
    (tmp_path / "concepts.csv").write_text("concept\ndog\ncat\n")
    made_up_release.write(tmp_path / "frequency_determines_performance")
    save_model(tmp_path / "en_core_web_lg")
    for example in examples:
        if "-o laion.wagidx" in example:
            shutil.rmtree(tmp_path / "laion.wagidx", ignore_errors=True)
        result = in_shell(example, tmp_path)
        assert result.returncode == 0, f"{example}\n{result.stdout}"


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("dog  44\n", "dog  44\n", True),
        ("dog 44\n", "dog    44\n", True),
        ("dog  44\n", "dog  45\n", False),
        ("dog  44\n", "dog  44\ncat  1\n", False),
        ("seconds  ...\n", "seconds      0.3\n", True),
        ("seconds  ...\n", "seconds  0.3\nmore\n", False),
        ("a\n...\nz\n", "a\nz\n", True),
        ("a\n...\nz\n", "a\nb\nc\nz\n", True),
        ("a\n...\nz\n", "a\nb\nc\n", False),
        ("a.c\n", "abc\n", False),
        ("", "a\n", False),
    ],
)
def test_dots_stand_for_what_varies_and_nothing_else(shown: str, printed: str, same: bool) -> None:
    assert agrees(shown, printed) is same
