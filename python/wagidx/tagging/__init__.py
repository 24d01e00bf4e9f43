"""Taggers: the one that is shipped, one distilled from a teacher, and treebanks to train on."""
