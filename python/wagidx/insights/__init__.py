"""What the counts of concepts say by themselves: how long their tail is, how alike two corpora are.

Counts in, results out; `analysis` computes, this package reads, joins, names and draws.
"""
