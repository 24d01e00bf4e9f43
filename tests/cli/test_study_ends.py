"""What a new user of the study's commands gets wrong: each is one line and an exit code."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from wagidx.cli import main
from wagidx.durable import refuse_taken

FILES = {
    "counts.csv": "concept,count\na,0\nb,20\nc,300\nd,4000\n",
    "scores.csv": "concept,score\na,1\nb,2\nc,4\nd,5\n",
    "empty.csv": "",
    "header.csv": "concept,count\n",
    "columns.csv": "name,number\na,1\n",
    "text.csv": "concept,count\na,many\n",
    "nan.csv": "concept,count\na,nan\n",
    "negative.csv": "concept,count\na,-3\n",
    "twice.csv": "concept,count\na,3\na,1\n",
    "one.csv": "concept,count\na,3\n",
    "zeros.csv": "concept,count\na,0\nb,0\nc,0\n",
    "list.json": "[1, 2]",
    "nested.json": '{"a": {"b": 1}}',
    "cut.json": '{"a": ',
    "other.csv": "concept,score\nx,1\ny,2\nz,3\n",
    "samples.csv": "concept,score,n\na,1,5\nb,2,0\nc,3,1\n",
    "table.png": "concept,count\n",
    "names.txt": "a\nwolf\n",
    "folder/file": "",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(*words: str) -> tuple[int, str]:
    """Exit code and message of a command that must say one line and print nothing."""
    run = CliRunner().invoke(main, words)
    assert run.stdout == ""
    assert run.stderr.startswith("wagidx: error: ") and run.stderr.count("\n") == 1
    return run.exit_code, run.stderr.removeprefix("wagidx: error: ").rstrip()


COUNTS = [
    ("not-there.csv", "No such file"),
    ("empty.csv", "empty.csv: the file is empty"),
    ("header.csv", "header.csv: the table holds no row"),
    ("columns.csv", "needs the columns 'concept' and 'count'; has 'name', 'number'"),
    ("text.csv", "row 1 ('a'): the count is 'many', not a finite number"),
    ("nan.csv", "row 1 ('a'): the count is 'nan', not a finite number"),
    ("negative.csv", "the count of 'a' is -3, below 0"),
    ("twice.csv", "the concept 'a' appears twice"),
    ("list.json", "entry 1 is not an object with columns"),
    ("nested.json", "row 1 ('a'): the count is"),
    ("cut.json", "cut.json: not readable as JSON"),
    ("table.png", "unknown format .png; use .csv, .json or .parquet"),
]


@pytest.mark.parametrize("file, said", COUNTS)
@pytest.mark.parametrize(
    "command",
    [
        *("tail FILE", "correlate counts.csv FILE", "report FILE -o new.html"),
        "fit --frequencies FILE --performance scores.csv",
    ],
)
def test_a_damaged_file_of_counts_is_named(here: Path, command: str, file: str, said: str) -> None:
    code, message = refused(*command.replace("FILE", file).split())
    assert code == 1 and message.startswith(file) and said in message


@pytest.mark.parametrize(
    "command, code, said",
    [
        ("fit --frequencies counts.csv", 2, "Missing option '--performance'"),
        ("fit --frequencies folder --performance scores.csv", 1, "folder: is a folder, not a ta"),
        ("fit --frequencies one.csv --performance scores.csv", 1, "1 concept is in both; a fit n"),
        ("fit --frequencies zeros.csv --performance scores.csv", 1, "concept has count 0; there"),
        ("fit --frequencies counts.csv --performance other.csv", 1, "no concepts are in both"),
        ("fit --frequencies counts.csv --performance counts.csv", 1, "columns 'concept' and 'sc"),
        ("fit --frequencies counts.csv --performance samples.csv", 1, "the n of 'b' is 0; n must"),
        ("tail folder", 1, "folder: not an index"),
        ("tail counts.csv --concepts not-there.txt", 1, "not-there.txt: No such file"),
        ("tail counts.csv --concepts empty.csv", 1, "empty.csv: the list has no concepts"),
        ("tail counts.csv -o folder", 2, "folder: already exists; remove it or choose another"),
        ("correlate counts.csv", 2, "needs two or more sources: INDEX|COUNTS"),
        ("correlate counts.csv one.csv", 1, "counts and one: names in both: 1; a correlation"),
        ("report counts.csv", 2, "Missing option '-o'"),
        ("report counts.csv --performance other.csv -o new.html", 1, "no concepts are in both"),
        ("rules not-there dog", 1, "not-there: no index here; build one with 'wagidx build"),
        ("rules counts.csv dog", 1, "counts.csv: not an index; an index is a folder"),
        ("rules folder", 2, "nothing to count: name a CONCEPT, or a list with --concepts"),
        ("reproduce not-there", 1, "has no folder search_counts; give the folder of the rel"),
        ("reproduce folder -o folder", 2, "folder: already exists"),
    ],
)
def test_wrong_usage_says_what_where_and_what_to_do(
    here: Path, command: str, code: int, said: str
) -> None:
    found, message = refused(*command.split())
    assert found == code and said in message
    assert not (here / "new.html").exists()


def test_an_index_and_a_tagger_that_is_not_there(index: Path, here: Path) -> None:
    code, message = refused("rules", str(index), "dog", "--tagger", "not-there.wagtag")
    assert code == 1 and message == "not-there.wagtag: No such file or directory"
    code, message = refused("rules", str(index), "dog", "--tagger", "counts.csv")
    assert code == 1 and message.startswith("counts.csv: ")


def test_a_blank_n_is_a_score_without_one(here: Path) -> None:
    Path("scores.csv").write_text("concept,score,n\na,.1,\nb,.2,7\nc,.4,9\nd,.5,4\n")
    run = CliRunner().invoke(
        main, ["fit", "--frequencies", "counts.csv", "--performance", "scores.csv"]
    )
    assert run.exit_code == 0 and "weighted by n" not in run.stdout


def test_concepts_without_a_count_are_told(here: Path) -> None:
    run = CliRunner().invoke(main, ["tail", "counts.csv", "--concepts", "names.txt"])
    assert (run.exit_code, run.stderr) == (
        0,
        "counts.csv: concepts of the list without a count: 1\n",
    )


@pytest.mark.parametrize(
    "output, folder, error, said",
    [
        ("counts.csv", False, FileExistsError, "counts.csv: already exists"),
        ("folder", True, FileExistsError, "folder: already exists"),
        (".", True, FileExistsError, ".: already exists"),
        ("no/such/new.csv", False, FileNotFoundError, "no such folder: no/such; create"),
        ("counts.csv/new.csv", False, NotADirectoryError, "counts.csv: is not a folder; choose"),
        ("counts.csv/a/new", True, NotADirectoryError, "counts.csv: is not a folder; choose"),
    ],
)
def test_a_name_that_cannot_be_made_is_refused_before_the_work(
    here: Path, output: str, folder: bool, error: type[OSError], said: str
) -> None:
    with pytest.raises(error, match=said):
        refuse_taken(Path(output), folder=folder)


def test_an_empty_folder_and_folders_that_are_not_there_may_be_made(tmp_path: Path) -> None:
    refuse_taken(tmp_path, folder=True)
    refuse_taken(tmp_path / "a" / "b" / "c", folder=True)


ASK = """
import os, sys
from pathlib import Path
from wagidx.durable import refuse_taken

if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
for folder in (False, True):
    try:
        refuse_taken(Path(sys.argv[1]), folder=folder)
    except PermissionError as error:
        print(error)
"""


def test_a_folder_that_may_not_be_written_to_is_refused_before_the_work() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        ask = [sys.executable, "-c", ASK, f"{folder}/new"]
        run = subprocess.run(ask, capture_output=True, text=True, check=True, cwd="/")
        Path(folder).chmod(0o755)
    assert run.stdout == 2 * f"{folder}: is not writable; choose another -o\n"
