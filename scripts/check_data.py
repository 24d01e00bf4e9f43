"""Check that the generated tables are what their scripts make: `python scripts/check_data.py`.

Each script needs something that not every machine has: one Python's Unicode, one version of a
package, a file of WordNet. What cannot run here is named with its reason, and is no failure; a
table that differs is one, and the exit code is 1.
"""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

SCRIPTS = Path(__file__).parent
WORDNET = Path("/usr/share/wordnet/cntlist.rev")

Need = Callable[[], "str | None"]
"""Why a script cannot run here, or None where nothing is in the way."""


def unicode_of_python(version: str, python: str) -> Need:
    """The interpreter's own Unicode tables have to be of one version."""
    found = unicodedata.unidata_version
    reason = f"needs Unicode {version} in the interpreter ({python}), this one has {found}"
    return lambda: None if found == version else reason


def python_from(major: int, minor: int) -> Need:
    """The interpreter has to be of this version or a later one."""
    reason = f"needs Python {major}.{minor} or newer"
    return lambda: None if sys.version_info >= (major, minor) else reason


def package(name: str, version: str) -> Need:
    """A package has to be installed, of this version or one that begins with it."""

    def missing() -> str | None:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            return f"needs {name} {version}, which is not installed"
        fits = found == version or found.startswith(f"{version}.")
        return None if fits else f"needs {name} {version}, here is {found}"

    return missing


def file(path: Path, hint: str) -> Need:
    """A file has to be there."""
    return lambda: None if path.is_file() else f"needs {path} ({hint})"


GENERATORS: dict[str, tuple[Need, ...]] = {
    "make_demo_captions.py": (),
    "make_demo_scores.py": (),
    "make_unicode_tables.py": (python_from(3, 11), package("unicodedata2", "15.1.0")),
    "make_tokenizer_tables.py": (
        unicode_of_python("14.0.0", "Python 3.11"),
        package("spacy", "3.8"),
    ),
    "make_noun_tables.py": (
        package("spacy-lookups-data", "1.0.5"),
        file(WORDNET, "Debian's package wordnet-base"),
    ),
    "make_verb_table.py": (package("spacy-lookups-data", "1.0.5"),),
}


def missing(needs: Iterable[Need]) -> list[str]:
    """What is in the way of a script."""
    return [reason for need in needs if (reason := need()) is not None]


def differs(script: str) -> str:
    """What a script says against the tables as they are, or nothing."""
    command = [sys.executable, str(SCRIPTS / script), "--check"]
    result = subprocess.run(command, capture_output=True, text=True)
    said = (result.stderr or result.stdout).strip().splitlines() or ["failed without a word"]
    return said[-1] if result.returncode else ""


def main() -> int:
    """Check all; returns the exit code."""
    outcomes = []
    for script, needs in GENERATORS.items():
        if reasons := missing(needs):
            outcome, said = "NOT CHECKED", "; ".join(reasons)
        else:
            said = differs(script)
            outcome = "DIFFERS" if said else "same"
        outcomes.append(outcome)
        print(f"{script:<26}{outcome}{f': {said}' if said else ''}", flush=True)
    skipped = outcomes.count("NOT CHECKED")
    if skipped:
        print(f"{skipped} of {len(outcomes)} could not be checked on this machine")
    return 1 if "DIFFERS" in outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
