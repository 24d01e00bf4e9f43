"""Figures of a tail and of correlations."""

from __future__ import annotations

from typing import Any

import numpy as np

from wagidx.insights.correlation import CorrelationResult, PairAgreement
from wagidx.insights.tail import TailResult
from wagidx.plots import BLUE, GREY, VERMILION, new_figure

__all__ = ["correlation_figure", "tail_figure"]

MOST_POINTS = 5_000
"""Ranks drawn of a longer list, evenly spread over the logarithm."""

SHOWN = 30
"""Letters of a source's name on an axis."""

Figure = Any
Axes = Any


def tail_figure(result: TailResult) -> Figure:
    """Counts by rank and the fitted law; beside it how many names each decade of counts has."""
    figure = new_figure(9.0, 3.8)
    curve, bars = figure.subplots(1, 2, width_ratios=(3, 2))
    _curve(curve, result)
    _bars(bars, result)
    return figure


def _curve(axes: Axes, result: TailResult) -> None:
    values, times = result.tally.values[::-1], result.tally.times[::-1]
    upto = times.cumsum()
    held = values > 0
    if held.any():
        ranks = _ranks(int(upto[held][-1]))
        counts = values[np.searchsorted(upto, ranks)]
        axes.plot(
            ranks, counts, ".", ms=4, color=BLUE, rasterized=True, markeredgewidth=0,
            label=f"{result.n_nonzero:,} names that occur",
        )  # fmt: skip
        axes.set(xscale="log", yscale="log")
    if result.law is not None:
        law = result.law.fit
        counts = np.unique(np.round(np.geomspace(law.xmin, values[0], 200)))
        label = f"power law from {law.xmin:,}: {_exponent(law.rank_exponent)} by rank"
        axes.plot(result.fitted_rank(counts), counts, "-", color=VERMILION, lw=1.6, label=label)
    axes.set_xlabel("rank of the name")
    axes.set_ylabel("captions with the name")
    axes.set_title(f"{short(result.source)}: counts by rank", size=9)
    if held.any():
        axes.legend(fontsize=7, frameon=False)


def _exponent(value: float) -> str:
    return f"exponent {value:.2f}"


def _ranks(n: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if n <= MOST_POINTS:
        return np.arange(1, n + 1)
    return np.unique(np.geomspace(1, n, MOST_POINTS).astype(np.int64))


def _bars(axes: Axes, result: TailResult) -> None:
    zeros = result.n - result.n_nonzero
    heights = [zeros, *(n for _, _, n in result.decades)]
    labels = ["0", *(f"$10^{k}$" for k in range(len(result.decades)))]
    place = np.arange(len(heights))
    drawn = axes.bar(place[:1], heights[:1], color=GREY, hatch="//", edgecolor="white")
    axes.bar_label(drawn, fmt="{:,.0f}", size=7)
    axes.bar_label(axes.bar(place[1:], heights[1:], color=BLUE), fmt="{:,.0f}", size=7)
    axes.set_xticks(place, labels)
    axes.set_xlabel("captions with the name, by decade")
    axes.set_ylabel("names")
    axes.set_ylim(0, 1.12 * max(heights))
    axes.set_title(f"names by decade (n {result.n:,})", size=9)


def correlation_figure(result: CorrelationResult) -> Figure:
    """Two sources as a cloud of names, more as a heat map of Spearman's correlation."""
    return _cloud(result.pairs[0]) if len(result.pairs) == 1 else _heat_map(result)


def _cloud(pair: PairAgreement) -> Figure:
    figure = new_figure(5.0, 4.4)
    axes = figure.subplots()
    x, y = pair.counts.T + 1
    axes.plot(x, y, ".", ms=4, alpha=0.4, color=BLUE, markeredgewidth=0, rasterized=True)
    axes.set(xscale="log", yscale="log")
    axes.set_xlabel(f"captions + 1, {short(pair.a)}")
    axes.set_ylabel(f"captions + 1, {short(pair.b)}")
    every, both = pair.agreement.all, pair.agreement.nonzero_in_both
    axes.set_title(
        f"Spearman {_shown(every.spearman)} (n {every.n:,}); "
        f"{_shown(both.spearman)} over names in both (n {both.n:,})",
        size=9,
    )
    return figure


def _heat_map(result: CorrelationResult) -> Figure:
    """Above the diagonal over all names, below it over the names that both hold."""
    place = {source: i for i, source in enumerate(result.sources)}
    n = len(place)
    values = np.full((n, n), np.nan)
    for pair in result.pairs:
        i, j = place[pair.a], place[pair.b]
        values[i, j] = _or_nan(pair.agreement.all.spearman)
        values[j, i] = _or_nan(pair.agreement.nonzero_in_both.spearman)
    figure = new_figure(2.4 + 0.9 * n, 1.6 + 0.7 * n)
    axes = figure.subplots()
    low = min(0.0, float(np.nanmin(values))) if np.isfinite(values).any() else 0.0
    image = axes.imshow(values, vmin=low, vmax=1, cmap="cividis", aspect="auto")
    for (i, j), value in np.ndenumerate(values):
        if i != j:
            ink = "white" if value < low + 0.6 * (1 - low) else "black"
            axes.text(j, i, _shown(value), ha="center", va="center", size=8, color=ink)
    names = [short(source) for source in result.sources]
    axes.set_xticks(range(n), names, size=8, rotation=30, ha="right")
    axes.set_yticks(range(n), names, size=8)
    axes.set_title(
        "Spearman of concept frequencies\nabove the diagonal: all names; below: in both", size=9
    )
    figure.colorbar(image)
    return figure


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _shown(value: float | None) -> str:
    return "-" if value is None or value != value else f"{value:.3f}"


def short(source: str) -> str:
    """Both ends of a source's name, for files may differ in either, and no mathematics in it."""
    half = (SHOWN - 3) // 2
    plain = source if len(source) <= SHOWN else f"{source[:half]}...{source[-half:]}"
    return plain.replace("$", r"\$")
