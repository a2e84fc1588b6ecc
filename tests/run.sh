#!/bin/sh
# Check everything: linters, types, import floors, documentation, tests. The one command for people and for CI.
#
#   sh tests/run.sh [--only-tests] [PYTEST ARGUMENTS...]
#
# Needs python3 (3.10 or newer) with its venv module, and a package index. Makes an environment of its own in
# .cache/test-env, and makes it anew when pyproject.toml or the Python changes. PYVE_TEST_PYTHON names another Python.
set -eu
unset CDPATH
cd -- "$(dirname -- "$0")/.."

only_tests=no
if [ "${1-}" = --only-tests ]; then
    only_tests=yes
    shift
fi

# By full path of what really runs: a version manager's shim may stand in front of nothing.
python=
for candidate in "${PYVE_TEST_PYTHON-}" python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
    [ -n "$candidate" ] || continue
    python=$("$candidate" -c 'import sys, ensurepip; sys.version_info >= (3, 10) and print(sys.executable)' 2>/dev/null) || python=
    [ -z "$python" ] || break
done
if [ -z "$python" ]; then
    echo "tests/run.sh: no Python 3.10 or newer with venv found; on Debian: apt install python3-venv" >&2
    exit 5
fi

environment=$PWD/.cache/test-env
bin=$environment/bin
key=$({ "$python" -VV; echo "$python $PWD"; cat pyproject.toml; } | cksum | tr ' ' '-')
if [ ! -e "$environment/complete-$key" ]; then
    echo "== making the test environment ($("$python" -V))"
    rm -rf -- "$environment"
    "$python" -m venv "$environment"
    "$bin/python" -m pip install --quiet --disable-pip-version-check uv
    "$bin/python" -m uv pip install --quiet --python "$bin/python" --editable . --group dev
    : >"$environment/complete-$key"
fi

failed=
check() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        echo "== $name: ok"
    else
        echo "== $name: FAILED"
        printf '%s\n' "$output"
        failed="$failed $name,"
    fi
}

missing() {
    echo "== $1: not installed, skipped"
    [ -z "${CI-}" ] || failed="$failed $1 is missing,"
}

if [ "$only_tests" = no ]; then
    check "ruff check" "$bin/ruff" check .
    check "ruff format" "$bin/ruff" format --check .
    check mypy "$bin/mypy" --platform linux # wherever it runs
    for platform in win32 darwin; do # what lies behind `if sys.platform == ...: return` is unreachable there, rightly
        check "mypy for $platform" "$bin/mypy" --platform "$platform" --no-warn-unreachable \
            --cache-dir ".cache/mypy-$platform" src
    done
    check lint-imports "$bin/lint-imports" --cache-dir .cache/import-linter
    check "sh -n" sh -n install.sh
    check "sh -n" sh -n tests/run.sh
    if command -v bash >/dev/null; then check "bash -n" bash -n .ci/run; else missing bash; fi
    if command -v shellcheck >/dev/null; then
        check shellcheck shellcheck install.sh tests/run.sh .ci/run shell/bash/*.bash
    else
        missing shellcheck
    fi
    for shell in bash zsh fish; do
        program=$shell
        if [ "$shell" = bash ]; then program=${PYVE_TEST_BASH:-bash}; fi
        if command -v "$program" >/dev/null; then
            for file in shell/"$shell"/*; do check "$program -n $file" "$program" -n "$file"; done
        else
            missing "$shell"
        fi
    done
    check "changelog fragments" "$bin/towncrier" build --draft --version next
    check documentation env NO_MKDOCS_2_WARNING=1 "$bin/mkdocs" build --strict # not --quiet, which hides the warnings from --strict too
    [ -z "$failed" ] || echo "== FAILED before the tests:${failed%,}"
fi

# Last, so that the closing summary is the last thing to read.
# One more than there are processors: many tests wait, for servers that hang and processes that end.
workers=$("$bin/python" -c 'import os; print((os.cpu_count() or 1) + 1)')
echo "== pytest"
"$bin/python" -m pytest -n "$workers" "$@" || failed="$failed pytest,"
[ -z "$failed" ]
