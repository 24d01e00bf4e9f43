"""Record what `--json` prints: `python scripts/record_json.py [--check]`.

Every command runs on the shipped captions in a temporary folder, and what it prints goes to
`tests/cli/recorded`, one file a command. What differs between machines, versions of the library or
of what it writes with is emptied, keeping its type. Keys are never renamed: recording stops where
one that was recorded would go.

`--check` writes nothing and fails where a file is not what the command prints.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import made_up_release
import wagidx
from click.testing import CliRunner
from wagidx import data
from wagidx.cli import main

RECORDED = Path(__file__).resolve().parent.parent / "tests" / "cli" / "recorded"

COMMANDS = {
    "build": "build captions.tsv -o built.wagidx --filter language!=ja",
    "build-dry-run": "build shards --dry-run",
    "build-dry-run-unknown": "build captions.tsv --dry-run",
    "append": "append grown.wagidx more.txt",
    "merge": "merge demo.wagidx grown.wagidx -o merged.wagidx",
    "verify": "verify demo.wagidx --deep",
    "info": "info demo.wagidx",
    "info-skipped": "info skipped.wagidx",
    "count": "count demo.wagidx golden_retriever dogs dogs quokka",
    "count-docs": "count demo.wagidx dog --docs retrievers.roaring --missing ignore",
    "explain": "explain demo.wagidx snow_lepards",
    "search": "search demo.wagidx golden_retrievers --limit 2",
    "search-nothing": "search demo.wagidx quokka",
    "top": "top demo.wagidx -n 5",
    "cooccur": "cooccur demo.wagidx --concepts concepts.txt -o cooccurrence.npz",
    "balance": "balance demo.wagidx --concepts concepts.txt --cap 3 -o keep.parquet",
    "rules": "rules demo.wagidx golden_retriever t-shirt quokka --sample 20",
    "rules-untold": "rules demo.wagidx rose --rule case --rule last --sample 5",
    "tail": "tail counts.csv --refits 9",
    "correlate": "correlate demo.wagidx grown.wagidx",
    "fit": "fit --frequencies counts.csv --performance scores.csv --target 60",
    "distil": "distil --teacher treebank.conllu -o own.wagtag --passes 2",
    "report": "report demo.wagidx --concepts concepts.txt -o report.html",
    "reproduce": "reproduce release --panel zs|tiny5m|RN50|text|class|zs17",
    "reproduce-counts": "reproduce counted",
    "reproduce-questions": "reproduce controlled --allow-missing",
}
"""The file of each record, and the command, whose words hold no blank."""

VARYING = {
    "after",
    "before",
    "bytes",
    "checksum",
    "hash",
    "library",
    "memory_bytes",
    "minutes",
    "peak_rss_bytes",
    "query_data",
    "seconds",
    "size",
}

KEYED = {
    "correlation",
    "correlation{}",
    "let_it_wag.models",
    "long_tail",
    "long_tail{}",
    "long_tail{}{}.frac_le_10k",
    "long_tail{}{}.frac_norm_lt",
    "misalignment",
    "missing",
    "panels",
    "questions.extra",
    "questions.missing_controls",
    "questions.partial_controls",
    "questions.scale",
    "questions.sketch",
    "questions.spread",
    "tail_laws",
}
"""Objects whose keys are data, such as names of models; a way writes such a key as `{}`."""


def prepare() -> None:
    """Put into the current folder what the commands name."""
    shutil.copy(data.captions_path(), "captions.tsv")
    printed(["demo", "."])
    shutil.rmtree("demo.wagidx")
    wagidx.build(["shards"], "demo.wagidx", store_captions=True)
    Path("cut.txt.gz").write_bytes(gzip.compress(b"a caption\n")[:-4])
    Path("more.txt").write_text("two dogs\na cat\n", encoding="utf-8")
    wagidx.build(["captions.tsv"], "grown.wagidx", store_captions=True)
    wagidx.build(["captions.tsv", "cut.txt.gz"], "skipped.wagidx", skip_unreadable=True)
    Path("concepts.txt").write_text("dog\ngolden retriever\nquokka\ncat\n")
    words = (f"1\tdog{i}\t_\tNOUN\tNN\t_\t_\t_\t_\t_\n\n" for i in range(9))
    Path("treebank.conllu").write_text("".join(words))
    planted()
    made_up_release.write(Path("release"))
    made_up_release.write_controlled(Path("controlled"))
    sketch = "imagenet-sketch_synthci30m_lemmatized"  # lacking in the study's release too
    Path(f"controlled/search_counts/{sketch}_search_counts.json").unlink()
    shutil.copytree("release/search_counts", "counted/search_counts")
    with wagidx.open("demo.wagidx") as index:
        Path("retrievers.roaring").write_bytes(index.bitmap("golden retriever"))


def planted() -> None:
    """Counts and scores of 60 concepts in 12 datasets, 4 points of score a decade."""
    counts, scores = ["concept,count"], ["concept,dataset,score,n", "quokka,d0,50,25"]
    for i in range(60):
        count = 0 if i % 10 == 9 else 7**i % 99991
        counts.append(f"c{i},{count}")
        score = 40 + 4 * len(str(count)) + 11 * i % 17 + 3 * (i % 12 % 5)
        scores.append(f"c{i},d{i % 12},{score},{20 + i}")
    Path("counts.csv").write_text("\n".join([*counts, "horse,5"]))
    Path("scores.csv").write_text("\n".join(scores))


def printed(words: list[str]) -> str:
    """What a command that succeeds writes to stdout."""
    result = CliRunner().invoke(main, words)
    if result.exit_code != 0:
        raise SystemExit(f"wagidx {' '.join(words)}: {result.output}")
    return str(result.stdout)


def record(command: str) -> str:
    """A record: the object a command prints, indented, without what varies."""
    value = json.loads(printed([*command.split(), "--json"]))
    return json.dumps(steady(value), indent=2, ensure_ascii=False) + "\n"


def steady(value: Any) -> Any:
    """The value with what varies emptied: 0, 0.0 or the empty text; numbers to 4 digits."""
    if isinstance(value, float):
        return float(f"{value:.3g}")  # more of them depend on who wrote the linear algebra
    if isinstance(value, list):
        return [steady(item) for item in value]
    if isinstance(value, dict):
        return {
            key: type(item)() if varies(key, value) and item is not None else steady(item)
            for key, item in value.items()
        }
    return value


def varies(key: str, value: dict[str, Any]) -> bool:
    """Whether a key of an object varies; the bytes of a Parquet file are its writer's."""
    return key in VARYING or (key == "fingerprint" and value["format"] == "parquet")


def alike(before: Any, after: Any) -> bool:
    """Whether two records are the same, numbers to one in the last digit, which may be rounded."""
    if isinstance(before, float) and isinstance(after, float) and before != after:
        last = 10.0 ** (math.floor(math.log10(max(abs(before), abs(after)))) - 2)
        return abs(before - after) < 1.5 * last
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(alike, before, after))
    if isinstance(before, dict) and isinstance(after, dict):
        return list(before) == list(after) and all(alike(before[key], after[key]) for key in after)
    return bool(type(before) is type(after) and before == after)


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The keys of a JSON value, each by its way from the top: `counts[].concept`."""
    if isinstance(value, dict):
        for key, item in value.items():
            name = f"{path}{{}}" if path in KEYED else f"{path}.{key}" if path else key
            yield name
            yield from paths(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from paths(item, f"{path}[]")


def lost(before: str, after: str) -> set[str]:
    """Keys of one record that another no longer has."""
    return set(paths(json.loads(before))) - set(paths(json.loads(after)))


def run(check: bool) -> int:
    """Write or check; returns the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        prepare()
        records = {RECORDED / f"{name}.json": record(line) for name, line in COMMANDS.items()}
        os.chdir(RECORDED.parent)
    before = {path: path.read_text(encoding="utf-8") for path in RECORDED.glob("*.json")}
    gone = {key for path, text in before.items() for key in lost(text, records.get(path, "{}"))}
    if gone:
        print(f"keys are never renamed or dropped: {', '.join(sorted(gone))}", file=sys.stderr)
        return 1
    changed = [
        path
        for path, text in records.items()
        if not alike(json.loads(before.get(path, "null")), json.loads(text))
    ]
    if check:
        for path in changed:
            print(f"{path.name} is out of date: run scripts/record_json.py", file=sys.stderr)
        return 1 if changed else 0
    RECORDED.mkdir(exist_ok=True)
    for path in changed:
        path.write_text(records[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Record what --json prints.")
    parser.add_argument("--check", action="store_true", help="only compare with what is recorded")
    sys.exit(run(parser.parse_args().check))
