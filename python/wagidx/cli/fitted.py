"""How scores are fitted: the options that `wagidx fit` and `wagidx report` share."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import click

from wagidx.cli.conventions import draws_option

__all__ = ["FitChoices", "fit_options"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class FitChoices:
    """What was chosen of a fit; where nothing was, the defaults of `wagidx.fit`."""

    model: str | None = None
    bins: int = 12
    slice: str = "1:-1"
    offset: float = 1.0
    classes: Mapping[str, int] = field(default_factory=dict)
    target: tuple[float, ...] = ()
    draws: int = 2000
    shuffles: int = 1000

    def keywords(self) -> dict[str, Any]:
        """As `wagidx.fit` takes them."""
        from wagidx.analysis.binned import Recipe

        return {
            "model": self.model,
            "recipe": Recipe(self.bins, *_bounds(self.slice)),
            "offset": self.offset,
            "classes": self.classes,
            "targets": self.target,
            "draws": self.draws,
            "shuffles": self.shuffles,
        }

    def words(self) -> list[str]:
        """As a command line names them, those that are not the default."""
        found = []
        for name, default in vars(FitChoices()).items():
            if (value := getattr(self, name)) != default:
                found += [word for one in _each(value) for word in (f"--{name}", one)]
        return found


def fit_options(function: F) -> F:
    """The options of every command that fits scores; the function takes them as `choices`."""

    @functools.wraps(function)
    def choosing(*args: Any, **given: Any) -> Any:
        names = [one.name for one in dataclasses.fields(FitChoices)]
        choices = FitChoices(**{name: given.pop(name) for name in names})
        return function(*args, choices=choices, **given)

    for option in reversed(_options()):
        choosing = option(choosing)
    return cast("F", choosing)


def _options() -> list[Callable[[Any], Any]]:
    default = FitChoices()
    return [
        click.option(
            "--model", metavar="NAME", help="Fit only this model.  [default: each separately]"
        ),
        click.option(
            "--bins",
            default=default.bins,
            show_default=True,
            type=click.IntRange(2, 1000),
            help="Number of frequency bins.",
        ),
        click.option(
            "--slice",
            default=default.slice,
            show_default=True,
            metavar="A:B",
            callback=_slice,
            help="Bins used for the binned r, as a Python slice.",
        ),
        click.option(
            "--offset",
            default=default.offset,
            show_default=True,
            type=float,
            metavar="C",
            callback=_positive,
            help="Number that the zero rule 'offset' adds to counts.",
        ),
        click.option(
            "--classes",
            multiple=True,
            metavar="DATASET=N",
            callback=_classes,
            help="Number of classes the model chose among, for scores above chance; repeatable; N "
            "alone if the scores name no dataset.  [default: concepts scored in the dataset]",
        ),
        click.option(
            "--target",
            multiple=True,
            type=float,
            callback=_finite,
            help="Estimate the frequency at which the fitted line reaches this score; repeatable.",
        ),
        draws_option(default.draws),
        click.option(
            "--shuffles",
            default=default.shuffles,
            show_default=True,
            type=click.IntRange(min=1),
            help="Permutations of scores within datasets for the permutation test.",
        ),
    ]


def _each(value: Any) -> list[str]:
    """The values of an option, in the way that they are typed."""
    if isinstance(value, Mapping):
        return [f"{name}={number}" if name else str(number) for name, number in value.items()]
    return [str(one) for one in (value if isinstance(value, tuple) else (value,))]


def _slice(_: click.Context, __: click.Parameter, value: str) -> str:
    try:
        _bounds(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not A:B, such as '1:-1' or '-4:'") from None
    return value


def _bounds(value: str) -> tuple[int | None, int | None]:
    start, stop = value.split(":")
    return int(start) if start.strip() else None, int(stop) if stop.strip() else None


def _positive(_: click.Context, __: click.Parameter, value: float) -> float:
    if not 0 < value < math.inf:
        raise click.BadParameter(f"{value:g} is not a finite number above 0")
    return value


def _finite(_: click.Context, __: click.Parameter, values: tuple[float, ...]) -> tuple[float, ...]:
    for value in values:
        if not math.isfinite(value):
            raise click.BadParameter(f"{value:g}: a score must be a finite number")
    return values


def _classes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    """`DATASET=N`, each dataset given once; a name may hold `=` itself."""
    found: dict[str, int] = {}
    for value in values:
        dataset, _equals, number = value.rpartition("=")
        if not number.isdecimal() or int(number) < 2:
            raise click.BadParameter(f"{value!r} is not DATASET=N with N of 2 or more")
        if found.setdefault(dataset, int(number)) != int(number):
            raise click.BadParameter(f"{dataset!r} is given twice")
    return found
