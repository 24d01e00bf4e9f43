"""The section of a report on a fit: what stands side by side, and what is said where it cannot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import wagidx
from planted import table
from wagidx.fitting.files import fit_figure
from wagidx.report.fit import fit_sections
from wagidx.report.numbers import NONE, interval, number
from wagidx.report.section import Section


def section(datasets: int, n: int = 120, **changed: Any) -> tuple[wagidx.FitResult, Section]:
    """A fit of planted scores, a fifth of whose counts are 0, and its section."""
    rows = table("gaussian", 3, n=n, datasets=datasets)
    count = np.where(np.arange(n) % 5 == 0, 0, rows.count)
    scores = {
        "concept": [f"c{name}" for name in rows.concept],
        "dataset": rows.dataset.tolist(),
        "score": np.clip(rows.score, 0, 100),
    }
    counts = {"concept": scores["concept"], "count": count}
    fitted = wagidx.fit(counts, scores, draws=50, shuffles=50, **changed)
    (found,) = fit_sections(fitted, command="wagidx fit")
    return fitted, found


@pytest.fixture(scope="module")
def planted() -> tuple[wagidx.FitResult, Section]:
    return section(12, offset=0.5)


def test_every_rule_for_zeros_stands_beside_the_others(
    planted: tuple[wagidx.FitResult, Section],
) -> None:
    fitted, found = planted
    zeros = found.tables[1]
    assert "24 counts of 0" in zeros.caption
    assert [row[0] for row in zeros.rows] == [
        *("Counted as 1", "Excluded", "0.5 added to all counts", "Own intercept"),
    ]
    for row, rule in zip(zeros.rows, fitted.concept.zeros, strict=True):
        inside = (number(rule.within_slope_per_decade), interval(rule.within_slope_ci95))
        assert row[2:] == (*inside, number(rule.slope_per_decade), interval(rule.slope_ci95))
    assert zeros.rows[1][1] == "96"


def test_slopes_have_every_interval_by_its_name(planted: tuple[wagidx.FitResult, Section]) -> None:
    fitted, found = planted
    rows = {row[0]: row[1:3] for row in found.tables[0].rows}
    within, pooled = fitted.concept.within, fitted.concept
    assert rows["Slope"] == (number(within.slope_per_decade), number(pooled.slope_per_decade))
    for said, kind in (("bootstrap over concept names", "concept"), ("independent rows", "iid")):
        pairs = (within.intervals[kind].pair, pooled.intervals[kind].pair)
        assert rows[f"… 95 %, {said}"] == tuple(map(interval, pairs))
    assert NONE not in rows["Scores above chance, as a share of the range above it"]
    assert rows["Mean slope of datasets"][0] == number(pooled.heterogeneity.mean)


def test_curves_are_compared_on_unseen_names_and_on_unseen_datasets(
    planted: tuple[wagidx.FitResult, Section],
) -> None:
    fitted, found = planted
    curves = {row[0]: row[1:] for row in found.tables[3].rows}
    for form in fitted.models:
        assert form.by_name is not None and form.by_dataset is not None
        assert curves[form.form][1] == number(form.by_name.r2)
        assert curves[form.form][3] == number(form.by_dataset.r2)
    assert curves["log-linear"][2] == curves["log-linear"][4] == NONE
    assert "±" in curves["constant"][2] and "±" in curves["constant"][4]


def test_what_an_interval_does_not_cover_is_said(
    planted: tuple[wagidx.FitResult, Section],
) -> None:
    _, found = planted
    assert any("trust the wider of the two" in text for text in found.text)
    assert "clustered by dataset" in found.text[0]


def test_few_datasets_have_no_interval_and_no_comparison_and_this_is_said() -> None:
    fitted, found = section(2, n=40)
    within = fitted.concept.within
    assert within.slope_ci95 is None
    names = interval(within.intervals["concept"].pair)
    shown = f"slope {number(within.slope_per_decade)} (95 % interval {names})"
    assert shown in found.text[0] and "bootstrap over concept names" in found.text[0]
    assert any("too few datasets to hold some out" in text for text in found.text)
    assert "No interval clustered by dataset: 2 datasets; a clustered" in found.text[-1]
    assert {row[4:6] for row in found.tables[3].rows} == {(NONE, NONE)}


def test_the_count_of_a_score_is_given_or_said_not_to_be_bounded() -> None:
    _, found = section(1, targets=(50.0, 1e7))
    near, far = found.tables[4].rows
    assert near[0] == "50.0" and " to " in near[2] and near[3] in ("yes", "no")
    assert far[1:] == ("too large to represent", NONE, "no")
    flat = {"concept": ["a", "b", "c", "d", "e"], "score": [1.0, 3.0, 1.0, 3.0, 1.0]}
    counts = {"concept": flat["concept"], "count": [1, 10, 100, 1000, 10000]}
    fitted = wagidx.fit(counts, flat, draws=5, shuffles=5, targets=(2.0,))
    (none,) = fit_sections(fitted, command="wagidx fit")
    assert none.tables[4].rows == (("2.00", "not bounded", NONE, NONE),)


def test_no_score_was_asked_for_and_no_table_is_there(
    planted: tuple[wagidx.FitResult, Section],
) -> None:
    assert len(planted[1].tables) == 4


def scored(slopes: list[float], names: int = 30) -> tuple[wagidx.FitResult, Section]:
    """Datasets of other names each, with a slope of its own, about 50."""
    rng = np.random.default_rng(5)
    count = 10 ** rng.uniform(0, 4, (len(slopes), names))
    score = 50 + np.array(slopes)[:, None] * (np.log10(count) - 2) + rng.normal(0, 2, count.shape)
    concept = [f"{d}/{i}" for d in range(len(slopes)) for i in range(names)]
    dataset = [str(d) for d in range(len(slopes)) for _ in range(names)]
    fitted = wagidx.fit(
        {"concept": concept, "count": count.ravel().astype(int)},
        {"concept": concept, "dataset": dataset, "score": score.ravel()},
        draws=200,
        shuffles=5,
    )
    (found,) = fit_sections(fitted, command="wagidx fit")
    return fitted, found


def test_few_datasets_whose_slopes_differ_are_no_association() -> None:
    fitted, found = scored([12, 9, 8, -3, -2])
    inside = fitted.concept.within.intervals["concept"].pair
    mean = fitted.concept.heterogeneity.mean_ci95
    assert inside is not None and mean is not None and inside[0] > 0 > mean[0]
    assert found.text[0].startswith(
        "No clear association between score and frequency beyond these datasets"
    )
    slope = number(fitted.concept.heterogeneity.mean)
    assert (
        f"the mean of the slopes of 5 datasets is {slope} (95 % interval {interval(mean)})"
        in (found.text[0])
    )
    alike = scored([9, 8, 10, 9, 8])[1].text[0]
    assert alike.startswith("Scores are higher for more frequent concepts")
    assert "the mean of the slopes of 5 datasets" in alike


def test_scores_that_are_all_equal_predict_nothing() -> None:
    counts = {f"c{i}": 3**i for i in range(12)}
    fitted = wagidx.fit(counts, dict.fromkeys(counts, 50.0), draws=5, shuffles=5)
    (found,) = fit_sections(fitted, command="wagidx fit")
    assert "All scores are equal: there is nothing to predict." in found.text
    assert not any("too few" in text for text in found.text)
    legend = [text.get_text() for text in fit_figure(fitted.only).legends[0].get_texts()]
    assert "bins of the binned r" in legend and not any("nan" in text for text in legend)


def test_bins_without_a_row_are_told_of() -> None:
    counts = {f"c{i}": 10 ** (i // 10 * 4) for i in range(20)}
    fitted = wagidx.fit(counts, {c: 40 + i for i, c in enumerate(counts)}, draws=5, shuffles=5)
    (found,) = fit_sections(fitted, command="wagidx fit")
    said = "mpty bins: 10 of 10, counted as score 0 as in the study; without them the binned r is "
    assert f"E{said}not defined." in found.text
    assert f"e{said}not defined" in fitted.only.notes


def test_the_figure_holds_the_bins_that_the_r_is_of() -> None:
    """Filled marks and crosses alone have the r of the legend; hollow ones stand outside it."""
    counts = {f"c{i}": round(10 ** (i / 3)) for i in range(30) if not 11 <= i <= 13}
    scores = {c: 40 + 7 * (i % 3) + i for i, c in enumerate(counts)}
    fitted = wagidx.fit(counts, scores, draws=5, shuffles=5)
    figure = fit_figure(fitted.only)
    marks = {line.get_label(): line for line in figure.axes[0].lines}
    r = fitted.binned.pearson_r
    inside, empty = (
        marks[f"bins of the binned r = {r:.2f}"],
        marks["bins without a row, taken for 0"],
    )
    outside = marks["bins left out"]
    assert [len(one.get_xdata()) for one in (inside, empty, outside)] == [9, 1, 2]
    assert empty.get_ydata().tolist() == [0] and empty.get_marker() == "x"
    assert outside.get_markerfacecolor() == "white" != inside.get_markerfacecolor()
    points = [np.concatenate(pair) for pair in zip(inside.get_data(), empty.get_data())]
    assert np.corrcoef(np.log(points[0]), points[1])[0, 1] == pytest.approx(r)
    legend = {text.get_text() for text in figure.legends[0].get_texts()}
    assert legend >= {one.get_label() for one in (inside, empty, outside)}
