#!/usr/bin/env bash
# Builds the sdist, from it the one wheel, and runs the quick tests against the installed wheel:
# under the oldest Python that is supported, with the oldest versions of everything that
# pyproject.toml permits, and under the newest Python there is, with the newest of everything.
#
#     scripts/test_wheel.sh [UV]      # UV is the uv to use
#
# A Python is taken from the path, or from pyenv where it is not on the path.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${1:-uv}
made=$PWD/target/wheel
export UV_PYTHON_DOWNLOADS=never

find_python() {
    local candidate
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
        if "$candidate" -c '' 2> /dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

newest_python() {
    local minor
    for minor in 15 14 13 12 11; do
        find_python "3.$minor" && return
    done
    return 1
}

# Python, name of the resolution
run_tests() {
    local python=$1 resolution=$2 env=$made/$2
    echo "== $("$python" --version), $resolution versions of the dependencies"
    "$uv" venv -q --clear -p "$python" "$env"
    "$uv" pip install -q -p "$env/bin/python" --resolution "$resolution" \
        -r pyproject.toml --group test
    # Once more without the test tools, whose own needs may have pushed our dependencies up.
    "$uv" pip install -q -p "$env/bin/python" --upgrade --resolution "$resolution" -r pyproject.toml
    "$uv" pip install -q -p "$env/bin/python" --no-deps "$made"/wagidx-*.whl
    "$env/bin/python" -c 'import sys, wagidx; assert wagidx.__file__.startswith(sys.prefix)'
    "$env/bin/python" -m pytest -q -n auto --dist loadfile -m "not slow"
}

oldest=$(find_python 3.10) || { echo "no Python 3.10 here: nothing was tested" >&2; exit 1; }
newest=$(newest_python) || { echo "no Python newer than 3.10 here: nothing was tested" >&2; exit 1; }
rm -rf "$made"
"$uv" build -q -p "$oldest" --out-dir "$made" .
ls -s --block-size=K "$made"
run_tests "$oldest" lowest-direct
run_tests "$newest" highest
