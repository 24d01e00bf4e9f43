"""`python -m wagidx`: the program `wagidx`."""

from wagidx.cli import run

if __name__ == "__main__":
    run()
