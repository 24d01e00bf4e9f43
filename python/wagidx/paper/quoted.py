"""What is quoted from the study's authors: not computed, and nothing is computed from it.

The correlations are those printed in the legends of the released figures, with two decimals as they
stand there. They are shown beside what the released files give, and where the two differ the files
are newer than the figures.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LET_IT_WAG", "NEGLIGIBLE_LEAST", "NEGLIGIBLE_SHARE", "published_r"]

LET_IT_WAG: Mapping[str, float] = {
    "models": 40,
    "slope_below50": 0.603,
    "slope_above50": 1.578,
    "mean_gap": 22.7,
}
"""Models, slopes of the two lines below and above 50 % ImageNet accuracy, mean gap in points."""

NEGLIGIBLE_SHARE = "over two thirds"
"""Share of the concepts whose frequency the study calls almost negligible."""

NEGLIGIBLE_LEAST = 2 / 3
"""The same as a number, to hold shares against."""


def published_r(task: str, corpus: str, model: str, kind: str, *rest: str) -> float | None:
    """The correlation in a figure's legend, or None where it is not known.

    The arguments are the parts of a panel's key, in its order.
    """
    key = "|".join(part for part in (task, corpus, kind, *rest) if part)
    return _LEGENDS.get(key, {}).get(model)


_LEGENDS: Mapping[str, Mapping[str, float]] = {
    "zs|cc3m|text|class|zs17": {"RN50": 0.92, "ViT-B-16": 0.91},
    "zs|cc3m|text|simple|zs17": {"RN50": 0.94, "ViT-B-16": 0.91},
    "zs|cc3m|text|ensemble|zs17": {"RN50": 0.93, "ViT-B-16": 0.93},
    "ret|cc3m|text|i2t_k=1": {"RN50": 0.97, "ViT-B-16": 0.99},
    "ret|cc3m|text|t2i_k=10": {"RN50": 0.93, "ViT-B-16": 0.95},
    "zs|cc3m|image0.5|class|zs18": {"RN50": 0.94, "ViT-B-16": 0.93},
    "zs|cc3m|image0.6|class|zs18": {"RN50": 0.96, "ViT-B-16": 0.96},
    "zs|cc3m|image0.7|class|zs18": {"RN50": 0.98, "ViT-B-16": 0.97},
    "zs|cc3m|image0.7|simple|zs18": {"RN50": 0.97, "ViT-B-16": 0.97},
    "zs|cc3m|image0.7|ensemble|zs18": {"RN50": 0.98, "ViT-B-16": 0.97},
    "ret|cc3m|image0.7|t2i_k=10": {"RN50": 0.98, "ViT-B-16": 1.0},
    "zs|cc3m|integrated0.7|class|zs18": {"RN50": 0.97, "ViT-B-16": 0.93},
    "zs|cc3m|integrated0.7|simple|zs18": {"RN50": 0.95, "ViT-B-16": 0.96},
    "zs|cc3m|integrated0.7|ensemble|zs18": {"RN50": 0.96, "ViT-B-16": 0.97},
    "ret|cc3m|integrated0.7|t2i_k=10": {"RN50": 1.0, "ViT-B-16": 1.0},
    "zs|yfcc15m|text|class|zs17": {"RN50": 0.85, "RN101": 0.89, "ViT-B-16": 0.88},
    "zs|yfcc15m|text|simple|zs17": {"RN50": 0.92, "RN101": 0.92, "ViT-B-16": 0.94},
    "zs|yfcc15m|text|ensemble|zs17": {"RN50": 0.93, "RN101": 0.96, "ViT-B-16": 0.93},
    "ret|yfcc15m|text|i2t_k=1": {"RN50": 0.76, "RN101": 0.72, "ViT-B-16": 0.84},
    "ret|yfcc15m|text|t2i_k=10": {"RN50": 0.66, "RN101": 0.2, "ViT-B-16": 0.74},
    "zs|yfcc15m|image0.5|class|zs18": {"RN50": 0.61, "RN101": 0.49, "ViT-B-16": 0.68},
    "zs|yfcc15m|image0.6|class|zs18": {"RN50": 0.94, "RN101": 0.94, "ViT-B-16": 0.93},
    "zs|yfcc15m|image0.7|class|zs18": {"RN50": 0.82, "RN101": 0.89, "ViT-B-16": 0.92},
    "zs|yfcc15m|image0.7|simple|zs18": {"RN50": 0.82, "RN101": 0.94, "ViT-B-16": 0.95},
    "zs|yfcc15m|image0.7|ensemble|zs18": {"RN50": 0.82, "RN101": 0.94, "ViT-B-16": 0.95},
    "ret|yfcc15m|image0.7|t2i_k=10": {"RN50": 0.9, "RN101": 0.9, "ViT-B-16": 0.95},
    "zs|yfcc15m|integrated0.7|class|zs18": {"RN50": 0.96, "RN101": 0.95, "ViT-B-16": 0.96},
    "zs|yfcc15m|integrated0.7|simple|zs18": {"RN50": 0.95, "RN101": 0.96, "ViT-B-16": 0.98},
    "zs|yfcc15m|integrated0.7|ensemble|zs18": {"RN50": 0.94, "RN101": 0.96, "ViT-B-16": 0.97},
    "ret|yfcc15m|integrated0.7|t2i_k=10": {"RN50": 1.0, "RN101": 1.0, "ViT-B-16": 0.99},
    "zs|laion400m|text|class|zs17": {"ViT-B-32": 0.92, "ViT-B-16": 0.85, "ViT-L-14": 0.83},
    "zs|laion400m|text|simple|zs17": {"ViT-B-32": 0.94, "ViT-B-16": 0.93, "ViT-L-14": 0.9},
    "zs|laion400m|text|ensemble|zs17": {"ViT-B-32": 0.95, "ViT-B-16": 0.94, "ViT-L-14": 0.91},
    "ret|laion400m|text|i2t_k=1": {"ViT-B-32": 0.98, "ViT-B-16": 0.98, "ViT-L-14": 0.9},
    "ret|laion400m|text|t2i_k=10": {"ViT-B-32": 0.91, "ViT-B-16": 0.97, "ViT-L-14": 0.95},
    "zs|laion400m|image0.5|class|zs18": {"ViT-B-32": 0.76, "ViT-B-16": 0.57, "ViT-L-14": 0.07},
    "zs|laion400m|image0.6|class|zs18": {"ViT-B-32": 0.87, "ViT-B-16": 0.55, "ViT-L-14": 0.58},
    "zs|laion400m|image0.7|class|zs18": {"ViT-B-32": 0.95, "ViT-B-16": 0.91, "ViT-L-14": 0.87},
    "zs|laion400m|image0.7|simple|zs18": {"ViT-B-32": 0.96, "ViT-B-16": 0.95, "ViT-L-14": 0.95},
    "zs|laion400m|image0.7|ensemble|zs18": {"ViT-B-32": 0.96, "ViT-B-16": 0.96, "ViT-L-14": 0.94},
    "ret|laion400m|image0.7|t2i_k=10": {"ViT-B-32": 0.97, "ViT-B-16": 0.99, "ViT-L-14": 0.99},
    "zs|laion400m|integrated0.7|ensemble|zs18": {
        "ViT-B-32": 0.99,
        "ViT-B-16": 0.98,
        "ViT-L-14": 0.94,
    },
    "ret|laion400m|integrated0.7|t2i_k=10": {"ViT-B-32": 0.97, "ViT-B-16": 0.97, "ViT-L-14": 0.96},
}
