"""Why published counts differ: what each rule of the study's code does to the counts of an index.

The code released with arXiv 2404.04125 counts by rules that lose captions, or find other words than
were asked for. Each of them is a `Rule` here that can be switched on over any index:

>>> import wagidx
>>> from wagidx.rules import counts_by_rule
>>> with wagidx.open("laion.wagidx") as index:                    # doctest: +SKIP
...     found = counts_by_rule(index, ["rose", "golf-ball"], ["lemma", "last"])
>>> found.under("last").counts                                    # doctest: +SKIP
"""

from wagidx.rules.counting import counts_by_rule
from wagidx.rules.result import RuleCounts, Under
from wagidx.rules.rule import RULES, Rule

__all__ = ["RULES", "Rule", "RuleCounts", "Under", "counts_by_rule"]
