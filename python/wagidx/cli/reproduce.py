"""`wagidx reproduce`: the study's panels and tables, recomputed from its released files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from wagidx.cli.conventions import (
    Console,
    columns,
    command_options,
    integer,
    json_option,
    output_option,
    span,
)
from wagidx.printable import printable

if TYPE_CHECKING:
    from wagidx.paper import Reproduction
    from wagidx.paper.panels import Incomplete
    from wagidx.paper.statistics import PanelStatistics

__all__ = ["reproduce"]

_TASKS = {
    "zs": "Zero-shot classification",
    "ret": "Retrieval",
    "t2i": "Text-to-image generation",
}


@click.command(
    epilog="Example: wagidx reproduce frequency_determines_performance -o report --allow-missing"
)
@click.argument("release", type=click.Path(path_type=Path))
@output_option("Write report.html, panels, tables and figures into this new folder.", folder=True)
@click.option(
    "--panel", metavar="KEY", help="Only this panel, such as 'ret|cc3m|RN50|text|t2i_k=1'."
)
@click.option("--all-figures", is_flag=True, help="Draw every panel, not only the main figures.")
@click.option(
    "--resample",
    is_flag=True,
    help="Permute and resample for every panel, not only the main figures; takes minutes.",
)
@click.option(
    "--imagenet",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="JSON of {model: ImageNet accuracy in percent} for Let It Wag! models whose ImageNet "
    "results are not in RELEASE.",
)
@click.option(
    "--allow-missing",
    is_flag=True,
    help="Exit with 0 even if some panels lack some of their files.",
)
@json_option
@command_options
def reproduce(
    console: Console,
    release: Path,
    output: Path | None,
    panel: str | None,
    all_figures: bool,
    resample: bool,
    imagenet: Path | None,
    allow_missing: bool,
    as_json: bool,
) -> None:
    """Recompute the panels and tables of arXiv 2404.04125 from its released files.

    RELEASE is a clone of the authors' repository or any part of it in the same layout. Each
    published statistic, a correlation of 4 to 10 bin means, is shown next to the concept-level
    result. Exits with 1 if a panel has some of its files but lacks others. Needs scipy, and
    matplotlib for figures.
    """
    from wagidx.paper import Release
    from wagidx.paper import reproduce as recompute
    from wagidx.report.folder import write_folder

    how: Literal["main", "all"] = "all" if resample else "main"
    data = Release(release)
    found = recompute(data, panel=panel, imagenet=imagenet, resample=how, processes=None)
    if output is not None:
        flags = _flags(panel, all_figures, resample, imagenet, allow_missing)
        write_folder(found, data, output, all_figures=all_figures, flags=flags, processes=None)
        console.wrote(output)
    if as_json:
        console.json(found.to_json())
    elif panel is not None:
        _print_one(console, found.panels[0])
    else:
        for line in _lines(found):
            console.line(line)
    if panel is None:
        _account(console, found, allow_missing)


def _flags(
    panel: str | None,
    all_figures: bool,
    resample: bool,
    imagenet: Path | None,
    allow_missing: bool,
) -> list[str]:
    """The options that decide what a report holds, and how the command ends, as they were typed."""
    words = ["--panel", panel] if panel is not None else []
    words += ["--imagenet", str(imagenet)] if imagenet is not None else []
    switches = {
        "--all-figures": all_figures,
        "--resample": resample,
        "--allow-missing": allow_missing,
    }
    return words + [name for name, given in switches.items() if given]


def _account(console: Console, found: Reproduction, allow_missing: bool) -> None:
    """Say what was left out, and fail where that is not allowed."""
    from wagidx import SourceError

    for name in found.unread:
        console.note(f"{printable(name)}: not named like a count file; skipped")
    for one in found.missing:
        console.note(f"{printable(one.name)}: lacks {printable(', '.join(one.lacking))}")
    if found.missing and not allow_missing:
        raise SourceError(
            f"{len(found.missing)} groups of panels lack some of their files "
            f"({_names(found.missing)}); add the files, or pass --allow-missing"
        )


def _names(missing: Sequence[Incomplete]) -> str:
    shown = [one.name for one in missing[:4]]
    return ", ".join(shown) + (", ..." if len(missing) > len(shown) else "")


def _print_one(console: Console, panel: PanelStatistics) -> None:
    """Every number of one panel, a line each."""
    rows = {"key": panel.key} | panel.to_json()
    width = max(map(len, rows))
    for name, value in rows.items():
        console.line(f"{name:<{width}}  {printable(_value(value))}")


def _value(value: object) -> str:
    if isinstance(value, list):
        return " to ".join(map(_value, value))
    if value in (None, ""):
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _lines(found: Reproduction) -> Iterator[str]:
    """The main panels side by side, then the tables."""
    for task, title in _TASKS.items():
        main = [one for one in found.panels if one.main and one.task == task]
        if main:
            yield from _panel_table(title, main)
            yield ""
    yield from _tail_lines(found)
    yield from _law_lines(found)
    yield from _correlation_lines(found)
    yield from _misalignment_lines(found)
    yield from _wag_lines(found)
    yield from _question_lines(found)
    yield (
        "binned: r of bin means, recomputed from the files as in the study, ** p < .05 with bins "
        "as observations. shuffled: permutation null of the same r (scores shuffled within "
        "datasets), and how often it reaches that. "
        "Slopes are per tenfold count; within: an intercept for each dataset, interval clustered "
        "by dataset if there are at least 10."
    )
    main_count = sum(one.main for one in found.panels)
    yield (
        f"{integer(len(found.panels))} panels; the {main_count} of the main figures are shown, "
        "--json has all."
    )


def _panel_table(title: str, panels: Sequence[PanelStatistics]) -> Iterator[str]:
    units = ", ".join(sorted({f"{one.variant}: {one.unit}" for one in panels}))
    yield printable(f"{title} ({units})")
    rows = [["", "", "", "binned", "", "shuffled", "", "concepts", "", "within", "", ""]]
    rows += [["corpus", "model", "counts", "r", "bins", "mean r", "p", "r", "slope"]]
    rows[-1] += ["slope", "95 %", "rows"]
    rows += [_row(one) for one in panels]
    yield from columns(rows, left=3, indent="  ")


def _row(one: PanelStatistics) -> list[str]:
    """A panel: the binned r, its permutation null, and the concept-level results."""
    star = "**" if one.pearson_p < 0.05 else ""
    again = one.resampled
    return [
        *(one.corpus, one.model, one.kind, f"{one.pearson_r:.2f}{star:<2}", str(one.n_points)),
        _number(None if again is None else again.permutation_mean_r, ".2f"),
        _number(None if again is None else again.permutation_p, ".3f"),
        *(f"{one.concept_pearson_r:.2f}", f"{one.concept_slope_per_decade:.3g}"),
        *(_number(one.within_slope_per_decade, ".3g"), span(one.within_slope_ci95, ".3g")),
        integer(one.n_rows),
    ]


def _tail_lines(found: Reproduction) -> Iterator[str]:
    if not found.long_tail:
        return
    yield "Long tail, rows of the 17 classification datasets"
    rows = [["corpus", "counts", "rows", "zero", "Gini", "top 10 % hold", "below max/10^4"]]
    for name, parts in found.long_tail.items():
        tail = parts["rows_zs17"]
        rows.append(
            [
                *(*name.split("|"), integer(tail["n"]), _share(tail["zero_share"])),
                *(_number(tail["gini"], ".3f"), _share(tail["top10pct_mass"])),
                _share(tail["frac_norm_lt"]["1e-4"]),
            ]
        )
    yield from columns(rows, left=2, indent="  ")
    yield ""


def _law_lines(found: Reproduction) -> Iterator[str]:
    laws = {name: law for name, law in (found.tail_laws or {}).items() if law is not None}
    if not laws:
        return
    yield "Power laws of the tails, distinct names (p below .1 speaks against the law)"
    rows = [["corpus", "counts", "from", "names", "exponent", "95 %", "p"]]
    for name, law in laws.items():
        ends = "-" if law.alpha_ci95 is None else "{:.2f} to {:.2f}".format(*law.alpha_ci95)
        rows.append(
            [
                *(*name.split("|"), integer(law.fit.xmin), integer(law.fit.n)),
                *(f"{law.fit.alpha:.2f}", ends, f"{law.p:.2f}"),
            ]
        )
    yield from columns(rows, left=2, indent="  ")
    yield ""


def _correlation_lines(found: Reproduction) -> Iterator[str]:
    if not found.correlation:
        return
    yield "Agreement of concept frequencies between corpora, Spearman"
    rows = [["corpora", "counts", "names", "all", "names in both", "found in both"]]
    for name, kinds in found.correlation.items():
        for kind, one in kinds.items():
            rows.append(
                [
                    *(name.replace("|", " and "), kind, integer(one["n"])),
                    *(_number(one["spearman"], ".3f"), integer(one["n_nonzero_in_both"])),
                    _number(one["spearman_nonzero_in_both"], ".3f"),
                ]
            )
    yield from columns(rows, left=2, indent="  ")
    yield ""


def _misalignment_lines(found: Reproduction) -> Iterator[str]:
    if not found.misalignment:
        return
    yield "Pairs whose text and image share no concept (lower bounds)"
    rows = [["corpus", "pairs", "of the corpus", "of those with a concept"]]
    for corpus, one in found.misalignment.items():
        shares = (_share(one["degree_fixed"]), _share(one["degree_extracted"]))
        rows.append([corpus, integer(one["misaligned_pairs"]), *shares])
    yield from columns(rows, left=1, indent="  ")
    yield ""


def _wag_lines(found: Reproduction) -> Iterator[str]:
    wag = found.let_it_wag
    if not wag:
        return
    yield f"Let It Wag!, {wag['n_classes']} classes, accuracy in percent"
    rows = [["model", "corpus", "ImageNet", "Let It Wag!"]]
    for name, (imagenet, score) in wag["models"].items():
        rows.append([*name.split("|"), f"{imagenet:.1f}", f"{score:.1f}"])
    yield from columns(rows, left=2, indent="  ")
    yield (
        f"  slope below 50 % {_number(wag['slope_below50'], '.3f')} (n {wag['n_below50']}), above "
        f"{_number(wag['slope_above50'], '.3f')} (n {wag['n_above50']}); mean gap "
        f"{_number(wag['mean_gap'], '.1f')} points"
    )
    if wag["models_without_imagenet"]:
        yield f"  {len(wag['models_without_imagenet'])} models lack ImageNet results: --imagenet"
    yield ""


def _question_lines(found: Reproduction) -> Iterator[str]:
    """What image-only and text-only counts and alignment add, where they can be tested."""
    questions = found.questions
    tested = [
        (one.key.split("|"), part)
        for one in (questions.extra if questions else ())
        for part in one.predictors
        if part.nested.wald.p is not None
    ]
    if questions is None or not tested:
        return
    yield (
        "Added to joint counts (points of accuracy per tenfold count, or for a share of 1 instead "
        "of 0; interval and p clustered by dataset)"
    )
    rows = [["corpus", "model", "added", "slope", "95 %", "p", "held-out R2", "rows"]]
    for key, part in tested:
        one, held = part.nested, part.nested.held_out
        rows.append(
            [
                *(key[1], key[2], part.name, _number(one.slope, ".3g")),
                span(one.slope_ci95, ".3g"),
                *(_number(one.wald.p, ".4f"), _number(None if held is None else held.gain, "+.4f")),
                integer(one.n),
            ]
        )
    yield from columns(rows, left=3, indent="  ")
    for corpus, lacking in questions.missing_controls.items():
        what = f"lacks {', '.join(lacking[:3])}" if lacking else "has no original to compare with"
        yield printable(f"  {corpus}, a controlled corpus, {what}")
    yield "  --json also has scale, ImageNet-Sketch, single datasets, and controlled corpora."
    yield ""


def _share(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def _number(value: float | None, form: str) -> str:
    return "-" if value is None or value != value else format(value, form)
