"""Analyses of counts alone: the shape of their tail, and the agreement between corpora.

Counts in, results out; `analysis` computes, this package reads, joins, names and draws.
"""
