#!/bin/sh
# Install pyve from this checkout into a private environment of its own, then run it with the given arguments.
#
#   sh install.sh [PYVE ARGUMENTS...]
#
# Needs a Python 3.10 or newer with its venv module. Takes PYVE_INSTALL_PYTHON, else python3, else python3.14 down to
# python3.10. Touches <user data>/pyve/app, ~/.local/bin/pyve, and the user's places for completions of bash and fish,
# nothing else; `pyve self uninstall` undoes it.
# Exit statuses: 2 usage, 3 no usable HOME, 5 no suitable Python, 6 the installation failed, 7 refused.
set -eu
unset CDPATH

say() { printf '%s\n' "$*" >&2; }
fail() {
    status=$1
    shift
    say "install.sh: $1"
    [ $# -lt 2 ] || say "hint: $2"
    exit "$status"
}

checkout=$(cd -- "$(dirname -- "$0")" && pwd)
[ -f "$checkout/src/pyve/__init__.py" ] || fail 2 "this script must lie in a checkout of pyve" "git clone it, then: sh install.sh"
case $(uname -s) in
    MINGW* | MSYS* | CYGWIN*) fail 5 "on Windows, pyve is installed by another tool" "pipx install . (or: uv tool install .)" ;;
esac

[ -n "${HOME-}" ] || fail 3 "HOME is not set, so there is no place to install to" "export HOME=/path/to/your/home"
[ -d "$HOME" ] || fail 3 "HOME is $HOME, which is no directory" "export HOME=/path/to/your/home"
home=$(cd -- "$HOME" && pwd)
data=$home/.local/share
if [ -n "${XDG_DATA_HOME-}" ]; then
    data=$XDG_DATA_HOME
elif [ "$(uname -s)" = Darwin ]; then
    data="$home/Library/Application Support"
fi
case $data in /*) ;; *) fail 3 "XDG_DATA_HOME is $data, which is not absolute" "unset XDG_DATA_HOME" ;; esac
app=$data/pyve/app
link=$home/.local/bin/pyve

# A command that is not ours is refused before half a minute is spent; `pyve self install` looks again.
if [ -L "$link" ]; then
    target=$(readlink -- "$link")
    case $target in
        "$app"/*) ;;
        *) fail 7 "$link leads to $target, which is not from this installer; nothing was changed" "mv '$link' '$link.before'" ;;
    esac
elif [ -e "$link" ]; then
    fail 7 "$link is there already and not from this installer; nothing was changed" "mv '$link' '$link.before'"
fi

# One private environment for each state of the source: <checksum>-<process id>, complete when the marker lies in it.
marker='made-by-pyve-install'
sum=$(
    cd -- "$checkout"
    find src/pyve shell completions pyproject.toml -type f ! -path '*/__pycache__/*' -exec cksum {} + | LC_ALL=C sort | cksum
)
sum=${sum%% *}

environment=
for candidate in "$app/$sum"-*; do
    if [ -f "$candidate/$marker" ] && "$candidate/bin/python" -I -c 'import pyve' 2>/dev/null; then
        environment=$candidate
        break
    fi
done

# Prints "ok|old|bare VERSION EXECUTABLE". The executable behind a virtual environment or a version manager's shim is
# what counts: those may go away, or change with the directory.
describe_python='
import sys
state = "ok" if sys.version_info >= (3, 10) else "old"
if state == "ok":
    try:
        import ensurepip, venv
    except ImportError:
        state = "bare"
print("%s %d.%d %s" % (state, sys.version_info[0], sys.version_info[1], getattr(sys, "_base_executable", sys.executable)))
'

find_python() {
    found=
    for candidate in ${PYVE_INSTALL_PYTHON:+"$PYVE_INSTALL_PYTHON"} \
        python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
        if answer=$("$candidate" -c "$describe_python" 2>/dev/null); then
            case $answer in
                ok\ *) python=${answer#ok * } && return ;;
                bare\ *) [ "${found#bare}" != "$found" ] || found=$answer ;;
                *) [ -n "$found" ] || found=$answer ;;
            esac
        fi
        [ -z "${PYVE_INSTALL_PYTHON-}" ] || break
    done
    version=${found#* }
    version=${version%% *}
    case $found in
        bare\ *) fail 5 "Python $version (${found#bare * }) lacks its venv module" "apt install python3-venv" ;;
        old\ *) fail 5 "Python 3.10 or newer is needed; found only $version (${found#old * })" "set PYVE_INSTALL_PYTHON to a newer one" ;;
        *) fail 5 "no Python found${PYVE_INSTALL_PYTHON:+ at PYVE_INSTALL_PYTHON=$PYVE_INSTALL_PYTHON}" "apt install python3 python3-venv" ;;
    esac
}

log=
built=
made=
clean_up() {
    status=$?
    trap - EXIT
    [ -z "$log" ] || [ "$status" -eq 6 ] || rm -f -- "$log"
    # What was built and not put in use is of no use; the one in use before is untouched.
    [ -z "$built" ] || rm -rf -- "$built"
    if [ -n "$made" ] && [ ! -L "$link" ]; then
        rm -f -- "$app/made-directories"
        printf '%s' "$made" | while IFS= read -r directory; do rmdir -- "$directory" 2>/dev/null || :; done
    fi
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

build() {
    # Settings meant for other installs (into the user's site, another target) would lead this one astray.
    unset PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_VIRTUALENV PYTHONHOME PYTHONPATH
    PIP_USER=0
    export PIP_USER
    "$python" -I -m venv "$environment" &&
        "$environment/bin/python" -I -m pip install --disable-pip-version-check --no-input "$checkout"
}

if [ -z "$environment" ]; then
    find_python
    # Noted for uninstalling: the directories that were not there before.
    directory=$app
    while [ ! -d "$directory" ]; do
        made="$made$directory
"
        directory=$(dirname -- "$directory")
    done
    mkdir -p -- "$app" || fail 3 "$app cannot be made"
    [ -z "$made" ] || printf '%s' "$made" >"$app/made-directories"

    say "Installing pyve with $python ..."
    log=$(mktemp "${TMPDIR:-/tmp}/pyve-install.XXXXXX")
    environment=$app/$sum-$$
    built=$environment
    if ! (build) >"$log" 2>&1 </dev/null; then
        say "install.sh: the installation failed; the end of $log:"
        tail -n 15 -- "$log" >&2
        exit 6
    fi
    : >"$environment/$marker"
fi

"$environment/bin/python" -I -m pyve self install >&2
built=
[ -z "$log" ] || rm -f -- "$log"
trap - EXIT INT TERM

[ $# -eq 0 ] || exec "$link" "$@"
