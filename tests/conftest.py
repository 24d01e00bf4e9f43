"""What tests share: the optional corpora, and an index over the demo captions."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import wagidx
    from wagidx.paper import Reproduction

ROOT = Path(__file__).parent.parent
DEMO_CAPTIONS = ROOT / "python" / "wagidx" / "data" / "demo_captions.tsv"


def pytest_configure() -> None:
    # A shell starts what runs in its background with Ctrl-C ignored, and children inherit that;
    # a handler they do not inherit, so programs under test can be interrupted.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder with real captions; a test that asks for it is skipped where there is none."""
    named = os.environ.get("WAGIDX_CORPORA")
    folder = Path(named) if named else ROOT.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip(f"no corpora at {folder}: set WAGIDX_CORPORA to their folder")
    return folder


def beside(corpora: Path, name: str, what: str) -> Path:
    """A folder beside the corpora, or skip the test."""
    folder = corpora.parent / name
    if not folder.is_dir():
        pytest.skip(f"no {what} at {folder}")
    return folder


@pytest.fixture(scope="session")
def lists(corpora: Path) -> Path:
    """The folder beside the corpora with class names, tags and words."""
    return beside(corpora, "lists", "word lists")


@pytest.fixture(scope="session")
def ud(corpora: Path) -> Path:
    """The folder beside the corpora with a treebank and the study's counts."""
    return beside(corpora, "ud", "treebanks")


@pytest.fixture(scope="session")
def study(corpora: Path) -> Path:
    """The folder beside the corpora with released files of the study and what they give."""
    return beside(corpora, "paper", "released data")


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small made-up release; read it, do not change it."""
    import made_up_release

    folder = tmp_path_factory.mktemp("release")
    made_up_release.write(folder)
    return folder


@pytest.fixture(scope="session")
def reproduced(made_up: Path) -> Reproduction:
    """All that is recomputed from that release."""
    from wagidx.paper import reproduce

    return reproduce(made_up)


@pytest.fixture(scope="session")
def demo_captions() -> list[str]:
    """The captions of the demo corpus, in row order."""
    lines = DEMO_CAPTIONS.read_text(encoding="utf-8").split("\n")[1:-1]
    return [line.split("\t")[1] for line in lines]


@pytest.fixture(scope="session")
def demo_index(tmp_path_factory: pytest.TempPathFactory) -> wagidx.Index:
    """The demo captions, indexed once for all tests; read it, do not change it."""
    import wagidx

    path = tmp_path_factory.mktemp("demo") / "demo.wagidx"
    wagidx.build([DEMO_CAPTIONS], path, analyzer="lemma", store_captions=True, progress=False)
    return wagidx.open(path)
