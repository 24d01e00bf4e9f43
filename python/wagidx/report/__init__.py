"""Reports: what was computed, as one HTML page that a reader can check.

A page is a list of `Section`s; each is made by one file here from results that `analysis`, `paper`
and the index computed. Nothing is computed here, and no section knows how a page looks.
"""
