"""One module an engine: `build(output, texts, words)` and `counts(output, words)`.

`output` is a path that does not exist yet, `texts` the captions in order, and `words` the concept
words, which only an engine that must know them beforehand looks at.
"""
