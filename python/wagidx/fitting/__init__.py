"""From tables of frequencies and of performance to one fit: reading, joining, telling.

`tables` reads anything with columns, `frequencies` and `performance` know what the columns mean,
`join` puts a score beside its frequency, `fit` is the way through all of them, `result` is what
comes out, and `files` writes it.
"""
