"""What an open index answers: `index` opens it, and the rest is what it asks with and gives back.

`concepts` and `expressions` say what is asked, `sweep` asks many concepts in one pass,
`frequencies`, `captions`, `spans` and `cooccurrence` hold the answers, `balance` draws captions.
"""
