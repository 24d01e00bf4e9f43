"""Statistics of performance against concept frequency.

Arrays in, frozen dataclasses out. Nothing here knows an index, a file or the command line, so that
every number can be had from a notebook and checked against another library.

scipy is imported where it is used: ``import wagidx`` stays light.
"""
