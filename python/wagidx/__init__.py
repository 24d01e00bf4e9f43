"""wagidx: how often does a concept occur in the captions of a corpus?

Build an index once, query it in microseconds:

>>> import wagidx
>>> stats = wagidx.build(["laion/*.parquet"], "laion.wagidx")    # doctest: +SKIP
>>> with wagidx.open("laion.wagidx") as index:                   # doctest: +SKIP
...     index.count("golden retriever")

Importing it loads nothing else: a name is resolved in its module when it is first used.
"""

TYPE_CHECKING = False  # for a type checker it is true whatever it says, and `typing` takes time

if TYPE_CHECKING:
    from wagidx._native import __version__
    from wagidx.asking.balance import BalanceStats, balance
    from wagidx.asking.captions import Caption
    from wagidx.asking.concepts import ConceptList, load_concepts
    from wagidx.asking.cooccurrence import load_cooccurrences, save_cooccurrences
    from wagidx.asking.expressions import Expression, all_of, any_of, none_of, phrase
    from wagidx.asking.frequencies import FrequencyTable
    from wagidx.asking.index import Explanation, Index, TermReport, Terms, open
    from wagidx.building.append import append
    from wagidx.building.build import BuildPlan, build, plan_build
    from wagidx.building.merge import merge
    from wagidx.building.stats import BuildStats
    from wagidx.exceptions import (
        ConceptError,
        CorruptIndexError,
        FitError,
        IndexFormatError,
        MissingFieldError,
        SourceError,
        WagidxError,
    )
    from wagidx.fitting.fit import fit
    from wagidx.fitting.result import FitResult
    from wagidx.insights.correlation import CorrelationResult, correlate
    from wagidx.insights.tail import TailResult, tail
    from wagidx.progress import Progress
    from wagidx.tagging.distil import DistilStats, distil

__all__ = [
    "BalanceStats",
    "BuildPlan",
    "BuildStats",
    "Caption",
    "ConceptError",
    "ConceptList",
    "CorrelationResult",
    "CorruptIndexError",
    "DistilStats",
    "Explanation",
    "Expression",
    "FitError",
    "FitResult",
    "FrequencyTable",
    "Index",
    "IndexFormatError",
    "MissingFieldError",
    "Progress",
    "SourceError",
    "TailResult",
    "TermReport",
    "Terms",
    "WagidxError",
    "__version__",
    "all_of",
    "any_of",
    "append",
    "balance",
    "build",
    "correlate",
    "distil",
    "fit",
    "load_concepts",
    "load_cooccurrences",
    "merge",
    "none_of",
    "open",
    "phrase",
    "plan_build",
    "save_cooccurrences",
    "tail",
]

if not TYPE_CHECKING:  # or a checker would take `wagidx.anything` for a name
    _NAMES = {
        "_native": ("__version__",),
        "asking.balance": ("BalanceStats", "balance"),
        "asking.captions": ("Caption",),
        "asking.concepts": ("ConceptList", "load_concepts"),
        "asking.cooccurrence": ("load_cooccurrences", "save_cooccurrences"),
        "asking.expressions": ("Expression", "all_of", "any_of", "none_of", "phrase"),
        "asking.frequencies": ("FrequencyTable",),
        "asking.index": ("Explanation", "Index", "TermReport", "Terms", "open"),
        "building.append": ("append",),
        "building.build": ("BuildPlan", "build", "plan_build"),
        "building.merge": ("merge",),
        "building.stats": ("BuildStats",),
        "exceptions": (
            *("ConceptError", "CorruptIndexError", "FitError", "IndexFormatError"),
            *("MissingFieldError", "SourceError", "WagidxError"),
        ),
        "fitting.fit": ("fit",),
        "fitting.result": ("FitResult",),
        "insights.correlation": ("CorrelationResult", "correlate"),
        "insights.tail": ("TailResult", "tail"),
        "progress": ("Progress",),
        "tagging.distil": ("DistilStats", "distil"),
    }
    _HOMES = {name: f"wagidx.{module}" for module, names in _NAMES.items() for name in names}

    def __getattr__(name: str) -> object:
        """Look a public name up where it is defined, and keep it."""
        from importlib import import_module

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = found = getattr(import_module(_HOMES[name]), name)
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
