"""Designs whose truth is known, and what intervals and tests claim under each.

One file for each part of the package that prints intervals; `DESIGNS` has them all.
"""

from simulation import counts, errors, lines, paired, slopes, spread, tails, tests_of_none
from simulation.design import BOUNDS, Design, Outcome, held

__all__ = ["BOUNDS", "DESIGNS", "Design", "Outcome", "held"]

DESIGNS: dict[str, Design] = {
    design.name: design
    for part in (slopes, lines, spread, paired, counts, tails, errors, tests_of_none)
    for design in part.DESIGNS
}
