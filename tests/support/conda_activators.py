"""Packages whose scripts act when an environment is entered: one that behaves, and one for each way not to."""

from collections.abc import Iterator, Mapping

from tests.support.conda_package import MadePackage, program, text_file

# Name -> (etc/conda/activate.d/NAME.sh, etc/conda/deactivate.d/NAME.sh): what a POSIX shell sources.
SCRIPTS: Mapping[str, tuple[str, str]] = {
    # Defines what only a shell that sources it has.
    "activator-function": (
        'activator_hello() { echo "hello from $CONDA_PREFIX"; }\nexport ACTIVATOR_FUNCTION=1\n',
        "unset -f activator_hello\nunset ACTIVATOR_FUNCTION\n",
    ),
    # Adds to what the person has.
    "activator-dependent": (
        'export ACTIVATOR_FLAGS="${ACTIVATOR_FLAGS:+$ACTIVATOR_FLAGS }-from-package"\n',
        (
            'ACTIVATOR_FLAGS="${ACTIVATOR_FLAGS%-from-package}"\nexport ACTIVATOR_FLAGS="${ACTIVATOR_FLAGS% }"\n'
            'if [ -z "$ACTIVATOR_FLAGS" ]; then unset ACTIVATOR_FLAGS; fi\n'
        ),
    ),
    # Keeps the value that was there, as conda-forge's gdal does.
    "activator-saving": (
        (
            'if [ -n "${SAVED_DATA:-}" ]; then export _CONDA_SET_SAVED_DATA="$SAVED_DATA"; fi\n'
            'export SAVED_DATA="$CONDA_PREFIX/share/saved"\n'
        ),
        (
            "unset SAVED_DATA\n"
            'if [ -n "${_CONDA_SET_SAVED_DATA:-}" ]; then\n'
            '  export SAVED_DATA="$_CONDA_SET_SAVED_DATA"\n  unset _CONDA_SET_SAVED_DATA\nfi\n'
        ),
    ),
    "activator-path": (
        'export PATH="$CONDA_PREFIX/extra/bin:$PATH"\n',
        'PATH="$(printf %s "$PATH" | sed "s|$CONDA_PREFIX/extra/bin:||")"\nexport PATH\n',
    ),
    "activator-fails": ("export ACTIVATOR_FAILED=1\nreturn 3\n", "unset ACTIVATOR_FAILED\n"),
    "activator-exits": ("export ACTIVATOR_EXITED=1\nexit 3\n", "unset ACTIVATOR_EXITED\n"),
    "activator-hangs": ("export ACTIVATOR_HUNG=1\nsleep 86399\n", "unset ACTIVATOR_HUNG\n"),
    "activator-broken": ('export ACTIVATOR_BROKEN="unfinished\n', "unset ACTIVATOR_BROKEN\n"),
    "activator-noisy": ('echo "welcome"\necho "beware" >&2\nexport ACTIVATOR_NOISY=1\n', "unset ACTIVATOR_NOISY\n"),
    # A value that careless quoting breaks.
    "activator-quoted": (
        "export ACTIVATOR_QUOTED='it'\\''s $HOME `id` \"x\" \\\nand more'\n",
        "unset ACTIVATOR_QUOTED\n",
    ),
    # Would show that something of a repository was run: leaves a file where it is told to.
    "activator-witness": (
        'if [ -n "${WITNESS_FILE:-}" ]; then echo "activated by $$" >> "$WITNESS_FILE"; fi\nexport WITNESS=1\n',
        "unset WITNESS\n",
    ),
}


def all_activators(subdir: str) -> Iterator[MadePackage]:
    """Every one; they need nothing else."""
    yield activator(subdir)
    yield ordered_activator()
    for name, (on_entering, on_leaving) in SCRIPTS.items():
        files = [
            text_file(f"etc/conda/activate.d/{name}.sh", on_entering),
            text_file(f"etc/conda/deactivate.d/{name}.sh", on_leaving),
        ]
        if name == "activator-path":
            files.append(program("extra/bin/extra-tool", "#!/bin/sh\necho extra\n"))
        yield MadePackage(name=name, version="1.0", files=tuple(files))


def activator(subdir: str) -> MadePackage:
    """Sets ACTIVATOR in every shell, ACTIVATOR_VAR by a file of variables."""
    on, off = "etc/conda/activate.d/activator", "etc/conda/deactivate.d/activator"
    return MadePackage(
        name="activator",
        version="1.0",
        subdir=subdir,
        files=(
            text_file(f"{on}.sh", 'export ACTIVATOR="on:$CONDA_PREFIX"\n'),
            text_file(f"{off}.sh", "unset ACTIVATOR\n"),
            text_file(f"{on}.fish", 'set -gx ACTIVATOR "on:$CONDA_PREFIX"\n'),
            text_file(f"{off}.fish", "set -e ACTIVATOR\n"),
            text_file(f"{on}.ps1", '$Env:ACTIVATOR = "on:$Env:CONDA_PREFIX"\n'),
            text_file(f"{off}.ps1", "Remove-Item Env:ACTIVATOR\n"),
            text_file(f"{on}.bat", '@SET "ACTIVATOR=on:%CONDA_PREFIX%"\r\n'),
            text_file(f"{off}.bat", "@SET ACTIVATOR=\r\n"),
            text_file("etc/conda/env_vars.d/activator.json", '{"ACTIVATOR_VAR": "from-package"}\n'),
        ),
    )


def ordered_activator() -> MadePackage:
    """Two scripts each way; ACTIVATOR_ORDER tells in which order they ran."""
    both = {"10-first": "first", "20-second": "second"}
    entering = [
        text_file(f"etc/conda/activate.d/{name}.sh", f'export ACTIVATOR_ORDER="${{ACTIVATOR_ORDER:-}}<{word}"\n')
        for name, word in both.items()
    ]
    leaving = [
        text_file(f"etc/conda/deactivate.d/{name}.sh", f'export ACTIVATOR_ORDER="${{ACTIVATOR_ORDER:-}}>{word}"\n')
        for name, word in both.items()
    ]
    return MadePackage(name="activator-ordered", version="1.0", files=(*entering, *leaving))
