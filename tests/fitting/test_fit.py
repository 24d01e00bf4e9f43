"""`wagidx.fit` and `wagidx fit` on tables with a planted slope."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import wagidx
from click.testing import CliRunner
from planted import SLOPE, table
from wagidx.analysis.binned import RETRIEVAL, Recipe
from wagidx.cli import main
from wagidx.exceptions import FitError
from wagidx.fitting.files import folder_name, write_fit
from wagidx.report.fit import fit_sections


def planted(models: int = 1) -> tuple[dict[str, Any], dict[str, Any]]:
    """Frequencies, and scores of models named m0, m1, ..."""
    rows = table("gaussian", 21, n=240, datasets=12)
    names = [f"concept {name}" for name in rows.concept]
    many = {
        "concept": names * models,
        "dataset": rows.dataset.tolist() * models,
        "model": [f"m{i}" for i in range(models) for _ in names],
        "score": np.clip(np.concatenate([rows.score * (1 - i / 5) for i in range(models)]), 0, 100),
        "n": [50] * len(names) * models,
    }
    return {"concept": names, "count": rows.count}, many


@pytest.fixture(scope="module")
def fitted() -> wagidx.FitResult:
    return wagidx.fit(*planted(), draws=300, shuffles=200, targets=[55])


def test_the_planted_slope_is_recovered_and_said_to_be_significant(
    fitted: wagidx.FitResult,
) -> None:
    pair = fitted.concept.within.slope_ci95
    assert pair is not None and pair[0] < SLOPE < pair[1] and pair[0] > 0
    assert fitted.null.p < 0.01
    best = min(fitted.models, key=lambda form: form.by_name.mse if form.by_name else 0)
    assert best.form in {"log-linear", "quadratic", "power-law", "logistic"}
    assert fitted.line.needed(55).bounded


def test_the_dictionary_is_json_with_the_keys_that_scripts_read(fitted: wagidx.FitResult) -> None:
    found = json.loads(json.dumps(fitted.to_dict(), allow_nan=False))
    assert found["joined"] == 240 and found["unmatched"] == [] and found["unused"] == 0
    keys = "n slope_per_decade slope_ci95 intercept pearson_r pearson_p spearman_r intervals within"
    assert set(keys.split()) <= found["concept"].keys()
    assert {"n_bins", "pearson_r", "pearson_p", "permutation_p"} <= found["binned"].keys()
    assert "log-linear" in [form["form"] for form in found["models"]]
    assert found["concept"]["slope_ci95"] == found["concept"]["intervals"]["iid"]
    assert (
        found["concept"]["within"]["slope_ci95"]
        == (found["concept"]["within"]["intervals"]["dataset"])
    )
    assert found["concept"]["weighted"]["tau2"] > 0
    assert found["concept"]["chance_corrected"]["classes"][0] == ["0", 20]


def test_several_models_are_fitted_each_by_itself_and_their_p_adjusted() -> None:
    found = wagidx.fit(*planted(2), draws=50, shuffles=50)
    assert list(found.by_model) == ["m0", "m1"]
    one = wagidx.fit(*planted(2), model="m1", draws=50, shuffles=50)
    assert found.by_model["m1"].concept == one.concept
    first = found.to_dict()["by_model"]["m0"]["binned"]
    assert first["permutation_p"] <= first["permutation_p_bh"] <= first["permutation_p_by"]
    assert one.to_dict()["binned"]["permutation_p_bh"] is None
    with pytest.raises(FitError, match="2 models were fitted: choose one with by_model"):
        _ = found.concept
    with pytest.raises(FitError, match="no model 'm7'; available: 'm0', 'm1'"):
        wagidx.fit(*planted(2), model="m7")


def test_the_seed_decides_everything_random() -> None:
    first, second, third = (
        wagidx.fit(*planted(), draws=50, shuffles=50, seed=seed).to_dict() for seed in (1, 1, 2)
    )
    assert first == second
    assert first != third


def test_few_rows_give_numbers_or_none_and_never_nan() -> None:
    found = wagidx.fit({"a": 1, "b": 10, "c": 100}, {"a": 1, "b": 1, "c": 1}, recipe=RETRIEVAL)
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert json.loads(text)["concept"]["slope_per_decade"] == pytest.approx(0)
    assert json.loads(text)["concept"]["pearson_r"] is None
    assert json.loads(text)["concept"]["within"]["slope_ci95"] is None
    assert "1 dataset; a clustered" in json.loads(text)["concept"]["within"]["note"]


def test_the_files_hold_every_row_and_those_farthest_from_the_line(
    fitted: wagidx.FitResult, tmp_path: Path
) -> None:
    write_fit(fitted, tmp_path / "out")
    names = ("fit.json", "rows.parquet", "residuals.csv", "fit.png", "fit.svg")
    files = [tmp_path / "out" / name for name in names]
    assert sorted((tmp_path / "out").iterdir()) == sorted(files)
    assert json.loads(files[0].read_text()) == fitted.to_dict()
    rows = pq.read_table(files[1])
    assert rows.column_names == ["dataset", "concept", "count", "score", "fitted", "residual"]
    score, line, rest = (rows[name].to_numpy() for name in ("score", "fitted", "residual"))
    assert score - line == pytest.approx(rest)
    assert abs(rest.sum()) < 1e-6
    listed = list(csv.DictReader(files[2].open(encoding="utf-8")))
    above = [float(row["residual"]) for row in listed if row["side"] == "above"]
    below = [float(row["residual"]) for row in listed if row["side"] == "below"]
    assert above == sorted(above, reverse=True) and above[0] == pytest.approx(rest.max())
    assert below == sorted(below) and below[0] == pytest.approx(rest.min())
    assert files[3].read_bytes().startswith(b"\x89PNG") and b"<svg" in files[4].read_bytes()
    with pytest.raises(FileExistsError, match="already exists"):
        write_fit(fitted, tmp_path / "out")


@pytest.mark.parametrize(
    ("last", "kind"), [(3000, "int64"), (10**15 + 1, "int64"), (2.5, "double")]
)
def test_counts_in_files_are_integers_where_all_are_whole(
    last: float, kind: str, tmp_path: Path
) -> None:
    counts = {"a": 1, "b": 20, "c": 300, "d": last}
    write_fit(wagidx.fit(counts, {c: 1.0 for c in counts}, draws=5, shuffles=5), tmp_path / "out")
    rows = pq.read_table(tmp_path / "out" / "rows.parquet")
    assert str(rows.schema.field("count").type) == kind
    assert rows["count"].to_pylist() == list(counts.values())
    cells = [row["count"] for row in csv.DictReader((tmp_path / "out" / "residuals.csv").open())]
    assert str(last) in cells


def test_several_models_get_a_folder_each(tmp_path: Path) -> None:
    tmp_path = tmp_path / "out"
    write_fit(wagidx.fit(*planted(2), draws=20, shuffles=20), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m0", "m1"]
    assert folder_name("../a b") == "_a_b" and folder_name("...") == "model"


@pytest.fixture
def inputs(tmp_path: Path) -> list[str]:
    frequencies, scores = planted(2)
    for name, columns in (("counts", frequencies), ("scores", scores)):
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([list(columns), *zip(*columns.values())])
    return [
        *("fit", "--frequencies", str(tmp_path / "counts.csv")),
        *("--performance", str(tmp_path / "scores.csv")),
    ]


def test_the_command_prints_what_the_library_says(inputs: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = CliRunner().invoke(main, [*inputs, "--model", "m0", "--json", "-o", str(out)])
    assert run.exit_code == 0, run.output
    expected = wagidx.fit(tmp_path / "counts.csv", tmp_path / "scores.csv", model="m0")
    assert json.loads(run.stdout) == expected.to_dict()
    assert json.loads((out / "fit.json").read_text()) == expected.to_dict()


def test_the_command_tells_a_person_slope_interval_and_null(inputs: list[str]) -> None:
    run = CliRunner().invoke(main, [*inputs, "--target", "60", "--target", "1e9"])
    assert run.exit_code == 0, run.output
    for said in ("within datasets", "count 0 as 1", "count 0 with its own", "permutation null"):
        assert run.stdout.count(said) == 2, said
    assert "outside the data" in run.stdout
    one = wagidx.fit(*planted(2)).by_model["m0"]
    lines = [" ".join(line.split()) for line in run.stdout.split("m1\n")[0].splitlines()]
    low, high = one.concept.within.slope_ci95 or (0.0, 0.0)
    pooled_low, pooled_high = one.concept.intervals["dataset"].pair or (0.0, 0.0)
    pair = f"{low:#.4g} to {high:#.4g} {pooled_low:#.4g} to {pooled_high:#.4g}"
    assert f"95 %, clustered by dataset {pair}" in lines
    for unseen in ("by_name", "by_dataset"):
        errors = {form.form: getattr(form, unseen).mse for form in one.models}
        best = min(errors, key=lambda form: errors[form])
        assert best in next(line for line in lines if line.startswith("lowest error"))


def test_options_of_the_command_are_those_of_the_library(inputs: list[str], tmp_path: Path) -> None:
    words = "--offset .5 --classes 0=50 --classes 3=7 --draws 20 --shuffles 30 --seed 4 --model m0"
    run = CliRunner().invoke(main, [*inputs, *words.split(), "--json"])
    assert run.exit_code == 0, run.output
    expected = wagidx.fit(
        *(tmp_path / "counts.csv", tmp_path / "scores.csv"),
        model="m0",
        offset=0.5,
        classes={"0": 50, "3": 7},
        draws=20,
        shuffles=30,
        seed=4,
    )
    assert json.loads(run.stdout) == expected.to_dict()
    found = json.loads(run.stdout)["concept"]
    assert found["offset"] == 0.5
    chosen = dict(found["chance_corrected"]["classes"])
    assert (chosen["0"], chosen["3"], chosen["1"]) == (50, 7, 20)


def test_classes_of_scores_without_a_dataset_are_a_number_alone(tmp_path: Path) -> None:
    for name, values in (("counts", (1, 20, 300)), ("scores", (0.1, 0.5, 0.7))):
        (tmp_path / f"{name}.json").write_text(json.dumps(dict(zip("abc", values))))
    words = ["fit", "--frequencies", tmp_path / "counts.json"]
    words += ["--performance", tmp_path / "scores.json", "--classes", "1000", "--json"]
    run = CliRunner().invoke(main, list(map(str, words)))
    assert run.exit_code == 0, run.output
    corrected = json.loads(run.stdout)["concept"]["chance_corrected"]
    assert corrected["classes"] == [["", 1000]]
    pooled = json.loads(run.stdout)["concept"]["slope_per_decade"]
    assert corrected["slope_per_decade"] == pytest.approx(pooled / (1 - 1 / 1000))


def test_wrong_usage_and_damaged_tables_are_one_line(inputs: list[str], tmp_path: Path) -> None:
    wrong = CliRunner().invoke(main, [*inputs, "--slice", "1"])
    assert wrong.exit_code == 2 and "'--slice': '1' is not A:B" in wrong.stderr
    (tmp_path / "scores.csv").write_text("concept,score\n")
    damaged = CliRunner().invoke(main, inputs)
    assert damaged.exit_code == 1
    assert damaged.stderr.count("\n") == 1 and "holds no row" in damaged.stderr


def test_a_score_has_no_frequency_where_the_slope_within_datasets_may_be_zero(
    tmp_path: Path,
) -> None:
    """Frequent concepts stand in easy datasets: over all rows, and there alone, a slope is sure."""
    noise = np.random.default_rng(3).normal(0, 1, 240)
    easy = np.repeat(np.arange(12), 20)
    counts = {f"c{i}": int(10 ** (1 + d / 4)) + i % 7 for i, d in enumerate(easy)}
    scores = [
        {"dataset": f"d{d:02}", "concept": f"c{i}", "score": 50 + float(d + noise[i])}
        for i, d in enumerate(easy)
    ]
    for name, table_ in (("counts", counts), ("scores", scores)):
        (tmp_path / f"{name}.json").write_text(json.dumps(table_))
    words = ["fit", "--frequencies", str(tmp_path / "counts.json"), "--target", "55"]
    words += ["--performance", str(tmp_path / "scores.json"), "--draws", "9"]
    found = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    low, high = found["concept"]["within"]["slope_ci95"]
    assert low < 0 < high and found["concept"]["slope_ci95"][0] > 0
    (needed,) = found["needed"]
    assert (needed["bounded"], needed["count"], needed["count_ci95"]) == (False, None, None)
    said = [" ".join(line.split()) for line in CliRunner().invoke(main, words).stdout.splitlines()]
    assert "frequency at 55 not bounded" in said
    (section,) = fit_sections(wagidx.fit(counts, scores, targets=[55], draws=9), command="")
    assert section.tables[-1].rows[0][1] == "not bounded"


@pytest.mark.parametrize(
    "words, code, said",
    [
        (["--target", "nan"], 2, "a score must be a finite number"),
        (["--bins", "1000000"], 2, "--bins"),
        (["--target", "inf"], 2, "--target"),
        (["--model", "m9"], 1, "no model 'm9'; available: 'm0', 'm1'"),
        (["--offset", "0"], 2, "'--offset': 0 is not a finite number above 0"),
        (["--offset", "nan"], 2, "'--offset': nan is not a finite number above 0"),
        (["--draws", "0"], 2, "--draws"),
        (["--shuffles", "-1"], 2, "--shuffles"),
        (["--classes", "0"], 2, "'0' is not DATASET=N with N of 2 or more"),
        (["--classes", "0=1"], 2, "'0=1' is not DATASET=N with N of 2 or more"),
        (["--classes", "0=2", "--classes", "0=3"], 2, "'0' is given twice"),
        (["--classes", "imagenet=1000"], 1, "no dataset 'imagenet' to set classes for; has '0'"),
    ],
)
def test_options_that_cannot_be_met_are_one_line(
    inputs: list[str], words: list[str], code: int, said: str
) -> None:
    run = CliRunner().invoke(main, [*inputs, *words])
    assert (run.exit_code, run.stdout, run.stderr.count("\n")) == (code, "", 1)
    assert said in run.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        {"offset": 0.0},
        {"offset": float("inf")},
        {"draws": 0},
        {"shuffles": 0},
        {"classes": {"": 1}},
        {"classes": {"": 2.5}},
        {"classes": {"": float("nan")}},
        {"classes": {"": "5"}},
    ],
)
def test_values_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    rows = {"a": 1, "b": 20, "c": 300}
    with pytest.raises(ValueError, match=next(iter(wrong))):
        wagidx.fit(rows, rows, **wrong)


def test_classes_need_scores_that_chance_can_be_taken_from() -> None:
    scores = {"a": 1, "b": 200, "c": 300}
    with pytest.raises(FitError, match="no score above chance can be computed: scores must"):
        wagidx.fit({"a": 1, "b": 20, "c": 300}, scores, classes={"": 10})
    with pytest.raises(FitError, match="has no datasets, so 'imagenet' is unknown; omit it"):
        wagidx.fit({"a": 1, "b": 20, "c": 300}, scores, classes={"imagenet": 10})


def test_a_folder_in_the_place_of_a_table_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FitError, match="is a folder, not a table; for an index, 'wagidx count"):
        wagidx.fit(tmp_path, {"dog": 1})


def test_a_table_without_models_says_that_none_can_be_chosen() -> None:
    with pytest.raises(FitError, match="has no models, so 'm' cannot be chosen; omit it"):
        wagidx.fit({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 2, "c": 3}, model="m")


@pytest.mark.filterwarnings("error")
def test_a_slice_without_bins_has_no_r_and_no_null() -> None:
    rows = {"a": 1, "b": 20, "c": 300, "d": 4000}
    found = wagidx.fit(rows, rows, recipe=Recipe(12, 30, 40), draws=50, shuffles=50).to_dict()
    assert found["binned"]["n_points"] == 0
    assert found["binned"]["pearson_r"] is None and found["binned"]["permutation_p"] is None


def test_a_result_is_shown_in_a_few_lines(fitted: wagidx.FitResult) -> None:
    shown = repr(fitted)
    assert f"slope within datasets {fitted.concept.within.slope_per_decade:.4g}" in shown
    assert len(shown) < 400
    several = wagidx.fit(*planted(2), draws=50, shuffles=50)
    assert [line[:7] for line in repr(several).splitlines()[1:-1]] == ["  'm0':", "  'm1':"]


@pytest.mark.parametrize("score", [50.0, 33.3, 0.1, 0.0])
def test_scores_that_are_all_alike_have_no_slope_and_ask_for_no_frequency(score: float) -> None:
    counts, scores = planted()
    scores["score"] = [score] * len(scores["score"])
    found = wagidx.fit(counts, scores, draws=50, shuffles=9, targets=[40, score]).to_dict()
    concept = found["concept"]
    assert concept["slope_per_decade"] == concept["within"]["slope_per_decade"] == 0
    assert set(concept["slope_ci95"] + concept["within"]["intervals"]["concept"]) == {0.0}
    assert concept["intercept"] == score
    assert [one["bounded"] for one in found["needed"]] == [False, False]
    assert found["binned"]["permutation_range95"] is None
    for form in found["models"]:
        assert [form[key] for key in ("r2", "aic", "by_name", "by_dataset")] == [None] * 4


def test_what_in_the_scores_may_not_be_as_meant_is_said() -> None:
    counts, scores = planted()

    def notes(**columns: list[Any]) -> list[str]:
        return wagidx.fit(counts, scores | columns, draws=9, shuffles=9).only.notes

    assert notes() == []
    assert notes(n=[None] * 40 + [50] * 200) == ["only 200 of 240 rows have an n: no weighted fit"]
    one = scores["dataset"][0]
    rows = list(zip(scores["score"], scores["dataset"]))
    (note,) = notes(score=[score / 100 if name == one else score for score, name in rows])
    assert note.startswith(f"scores of {one} are at most 0.") and "separately" in note
    (note,) = notes(score=[score * 3 - 50 for score, _ in rows])
    assert note == "scores are neither fractions nor percent: no weighted fit"


def test_a_curve_through_every_row_has_no_likelihood() -> None:
    counts = {"a": 1, "b": 10, "c": 100}
    found = wagidx.fit(counts, {"a": 10, "b": 5, "c": 40}, draws=9, shuffles=9).only
    aic = {form.form: form.aic for form in found.models}
    assert aic["quadratic"] != aic["quadratic"] and aic["log-linear"] == aic["log-linear"]
