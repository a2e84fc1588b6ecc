import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pyve.errors import ManifestUnreadableError, RequirementInvalidError
from pyve.errors.lock import LockTooNewError, PlatformUnknownError
from pyve.project.locking.freshness import LockJudgement, LockState, judge_python_lock
from pyve.project.locking.lock_inputs import read_lock_inputs
from pyve.project.locking.lock_stamp import LockStamp, write_stamp
from pyve.project.locking.lock_target import LockFormat, LockPart, LockTarget

SHA = "a" * 64
HASH = f" \\\n    --hash=sha256:{SHA}\n"
BODY = f"""\
flask==3.0.0{HASH}    # via -r requirements.in
idna==3.7{HASH}    # via requests
requests==2.31.0{HASH}    # via -r requirements.in
"""
PYLOCK_BODY = """\
lock-version = "1.0"
created-by = "uv"
requires-python = ">=3.10"

[[packages]]
name = "flask"
version = "3.0.0"
wheels = [{ name = "flask-3.0.0-py3-none-any.whl", hashes = { sha256 = "aa" } }]

[[packages]]
name = "requests"
version = "2.31.0"
wheels = [{ name = "requests-2.31.0-py3-none-any.whl", hashes = { sha256 = "aa" } }]
"""


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).write_text(textwrap.dedent(text), encoding="utf-8", newline="\n")


def target_of(root: Path, lock: str = "requirements.txt", source: str = "requirements.in") -> LockTarget:
    lock_format = LockFormat.PYLOCK if lock == "pylock.toml" else LockFormat.REQUIREMENTS
    return LockTarget(sources=(root / source,), destination=root / lock, format=lock_format)


def judge(
    target: LockTarget, *, platforms: tuple[str, ...] = ("linux-64",), python_version: str | None = None
) -> LockJudgement:
    root = target.destination.parent
    return judge_python_lock(target, root=root, environment={}, platforms=platforms, python_version=python_version)


def lock(target: LockTarget, body: str, **fields: object) -> None:
    """Write `body` with the stamp of what is declared now."""
    inputs = read_lock_inputs(target, root=target.destination.parent, environment={}).texts
    stamp = LockStamp(
        locker="uv", sources=(target.source.name,), inputs=inputs, platforms=("linux-64",), python=">=3.11"
    )
    stamp = replace(stamp, **fields)  # type: ignore[arg-type]  # the fields of the caller
    target.destination.write_bytes(write_stamp(body, stamp, target.format).encode())


@pytest.fixture
def locked(tmp_path: Path) -> LockTarget:
    write(tmp_path, {"requirements.in": "requests>=2\nflask\n"})
    target = target_of(tmp_path)
    lock(target, BODY)
    return target


@pytest.fixture
def pylocked(tmp_path: Path) -> LockTarget:
    write(tmp_path, {"requirements.in": "requests>=2\nflask\n"})
    target = target_of(tmp_path, "pylock.toml")
    lock(target, PYLOCK_BODY)
    return target


def test_lock_that_was_just_made_is_fresh(locked: LockTarget) -> None:
    assert judge(locked) == LockJudgement(state=LockState.FRESH, judged_by="digest")


def test_pylock_that_was_just_made_is_fresh(pylocked: LockTarget) -> None:
    assert judge(pylocked) == LockJudgement(state=LockState.FRESH, judged_by="digest")


def test_missing_lock_is_missing(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.in": "x"})
    assert judge(target_of(tmp_path)).state is LockState.MISSING


def test_comment_order_and_spelling_of_the_declaration_leave_a_lock_fresh(locked: LockTarget) -> None:
    locked.source.write_bytes(b"\xef\xbb\xbf# a note\r\nFlask  # why\r\n\r\nRequests >= 2\r\n")
    assert judge(locked).is_fresh


def test_times_of_files_do_not_count(locked: LockTarget) -> None:
    os.utime(locked.destination, (0, 0))
    assert judge(locked).is_fresh
    os.utime(locked.source, (0, 0))
    os.utime(locked.destination)
    assert judge(locked).is_fresh


def test_windows_line_ends_and_a_mark_in_the_lock_leave_it_fresh(locked: LockTarget) -> None:
    content = locked.destination.read_bytes()
    locked.destination.write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    assert judge(locked).is_fresh


def test_comments_added_to_the_lock_leave_it_fresh(locked: LockTarget) -> None:
    locked.destination.write_text("# ours\n" + locked.destination.read_text() + "\n# end\n")
    assert judge(locked).is_fresh


def test_changed_declaration_makes_a_lock_stale_and_is_named(locked: LockTarget) -> None:
    locked.source.write_text("--pre\nnumpy\nrequests>=3\n")
    assert judge(locked) == LockJudgement(
        state=LockState.STALE,
        reasons=(
            "requests was requests>=2, is requests>=3 (requirements.in:3)",
            "numpy (requirements.in:2) is new",
            "the option --pre (requirements.in:1) is new",
            "flask is no longer declared",
        ),
    )


def test_changed_requires_python_makes_a_lock_stale(locked: LockTarget) -> None:
    write(locked.destination.parent, {"pyproject.toml": '[project]\nname = "p"\nrequires-python = ">=3.11"\n'})
    assert judge(locked).reasons == ("requires-python >=3.11 (pyproject.toml:3) is new",)


def test_edited_pin_is_told_from_a_changed_declaration(locked: LockTarget) -> None:
    locked.destination.write_text(locked.destination.read_text().replace("requests==2.31.0", "requests==1.9"))
    found = judge(locked)
    assert found.state is LockState.EDITED
    assert found.reasons == (
        "what requirements.txt pins was changed after it was locked",
        "requests is pinned to 1.9, and requests>=2 is declared (requirements.in:1)",
    )


def test_pin_that_was_taken_out_is_named(locked: LockTarget) -> None:
    text = locked.destination.read_text()
    at = text.index("flask==")
    locked.destination.write_text(text[:at] + text[text.index("idna==") :])
    found = judge(locked)
    assert found.state is LockState.EDITED
    assert found.reasons[1:] == ("flask (requirements.in:2) is not pinned",)


def test_edited_pylock_is_told(pylocked: LockTarget) -> None:
    pylocked.destination.write_text(pylocked.destination.read_text().replace("2.31.0", "2.32.0"))
    found = judge(pylocked)
    assert (found.state, found.reasons) == (
        LockState.EDITED,
        ("what pylock.toml pins was changed after it was locked",),
    )


def test_stale_comes_before_edited_and_both_are_told(locked: LockTarget) -> None:
    locked.destination.write_text(locked.destination.read_text().replace("idna==3.7", "idna==3.8"))
    locked.source.write_text("requests>=2\nflask\nnumpy\n")
    found = judge(locked)
    assert found.state is LockState.STALE
    assert found.reasons[:2] == (
        "numpy (requirements.in:3) is new",
        "what requirements.txt pins was changed after it was locked",
    )


def test_lock_for_other_platforms_is_told_with_those_it_has(locked: LockTarget) -> None:
    lock(locked, BODY, platforms=("linux-64", "osx-arm64"))
    assert judge(locked, platforms=("linux-64", "osx-arm64")).is_fresh
    found = judge(locked, platforms=("linux-64", "win-64", "osx-64"))
    assert found.state is LockState.OTHER_PLATFORM
    assert found.reasons == ("requirements.txt was made for linux-64, osx-arm64, and not for win-64, osx-64",)


def test_lock_for_another_python_is_told(locked: LockTarget) -> None:
    assert judge(locked, python_version="3.12").is_fresh
    found = judge(locked, python_version="3.10")
    assert (found.state, found.reasons) == (
        LockState.OTHER_PYTHON,
        ("requirements.txt was made for Python >=3.11, and not for 3.10",),
    )


def test_lock_without_a_pin_is_empty(locked: LockTarget) -> None:
    head = locked.destination.read_text().partition("flask==")[0]
    for text in ("", "# nothing\n\n", head):
        locked.destination.write_text(text)
        assert judge(locked).state is LockState.EMPTY


def test_pylock_without_packages_is_empty(pylocked: LockTarget) -> None:
    pylocked.destination.write_text('lock-version = "1.0"\ncreated-by = "x"\npackages = []\n')
    assert judge(pylocked).state is LockState.EMPTY


def test_lock_without_a_pin_is_fresh_where_nothing_is_declared(locked: LockTarget) -> None:
    locked.source.write_text("# nothing\n")
    locked.destination.write_text("")
    assert judge(locked).is_fresh


def test_lock_of_requirements_that_no_platform_needs_is_fresh(locked: LockTarget) -> None:
    locked.source.write_text("pywin32; sys_platform == 'win32'\n")
    lock(locked, "")
    assert judge(locked).is_fresh


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text[: text.rindex(SHA) + 20], "requirements.txt:12: a hash of requests is cut off, or is none"),
        (lambda text: text[: text.rindex("    --hash")], "requirements.txt:11: it is cut off: the last line says that"),
        (lambda text: text[: text.rindex(" \\")], "requirements.txt:11: requests has no hash, as if"),
        (lambda text: text[: text.rindex("sha256:")], "requirements.txt:12: a hash of requests is cut off"),
        (lambda text: text[: text.rindex("hash=") + 3], "requirements.txt:11: the line of requests is cut off"),
        (
            lambda text: text.replace("idna==3.7", "<<<<<<< HEAD\nidna==3.7\n=======\nidna==3.8\n>>>>>>> x"),
            "requirements.txt:8: a merge conflict is still in this lock",
        ),
        (lambda text: text.replace("idna==3.7", "idna==3.7\0"), "requirements.txt:8: there are NUL bytes in it"),
        (lambda text: text + ">>>>>>> theirs\n", "requirements.txt:14: '>>>>>>> theirs' is no requirement"),
        (lambda text: text.replace("pins=sha256", "pins sha"), "requirements.txt:2: what pyve wrote into this lock"),
    ],
)
def test_damaged_lock_is_told_with_its_line(locked: LockTarget, change: object, reason: str) -> None:
    assert callable(change)
    locked.destination.write_text(change(locked.destination.read_text()))
    found = judge(locked)
    assert found.state is LockState.DAMAGED
    assert found.reasons[0].startswith(reason)


def test_damage_is_found_in_locks_without_a_stamp_too(locked: LockTarget) -> None:
    locked.destination.write_text(BODY[: BODY.rindex(SHA) + 20])
    found = judge(locked)
    assert (found.state, found.judged_by) == (LockState.DAMAGED, "content")


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xfe\xfd\xff" * 9, b"\0" * 100, b"PK\x03\x04\x14\0\xff"]
)
@pytest.mark.parametrize("name", ["requirements.txt", "pylock.toml"])
def test_binary_file_is_no_lock(tmp_path: Path, name: str, content: bytes) -> None:
    write(tmp_path, {"requirements.in": "x"})
    (tmp_path / name).write_bytes(content)
    assert judge(target_of(tmp_path, name)).state is LockState.DAMAGED


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text[: text.index("hashes")], "pylock.toml:8: this lock is not valid TOML"),
        (lambda text: text[: text.index("[[packages]]")], "pylock.toml: it has no packages"),
        (lambda text: text[: text.rindex("wheels")], "pylock.toml: requests in it has no file"),
        (lambda text: text.replace("[[packages]]", "<<<<<<< HEAD\n[[packages]]", 1), "pylock.toml:5: a merge conflict"),
        (lambda text: text.replace("lock-version", "version"), "pylock.toml: it does not say its lock-version"),
    ],
)
def test_damaged_pylock_is_told(pylocked: LockTarget, change: object, reason: str) -> None:
    assert callable(change)
    pylocked.destination.write_text(change(PYLOCK_BODY))
    found = judge(pylocked)
    assert found.state is LockState.DAMAGED
    assert found.reasons[0].startswith(reason)


def test_lock_of_a_newer_pyve_is_refused(locked: LockTarget) -> None:
    locked.destination.write_text(locked.destination.read_text().replace("pyve-lock: 1", "pyve-lock: 2"))
    with pytest.raises(LockTooNewError, match=r"requirements\.txt:2"):
        judge(locked)


def test_declaration_that_cannot_be_read_is_refused(locked: LockTarget) -> None:
    locked.source.write_text("x = 1\n")
    with pytest.raises(RequirementInvalidError, match=r"requirements\.in:1"):
        judge(locked)


def test_directory_in_place_of_a_lock_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.in": "x"})
    (tmp_path / "requirements.txt").mkdir()
    with pytest.raises(ManifestUnreadableError):
        judge(target_of(tmp_path))


def test_lock_that_disagrees_with_the_one_above_is_stale(tmp_path: Path) -> None:
    write(tmp_path, {"requirements-dev.in": "-c requirements.txt\nflask\n", "requirements.txt": "idna==3.7\nx==1\n"})
    target = replace(
        target_of(tmp_path, "requirements-dev.txt", "requirements-dev.in"), above=(tmp_path / "requirements.txt",)
    )
    lock(target, "flask==3.0\nidna==3.7\n")
    assert judge(target).is_fresh
    write(tmp_path, {"requirements.txt": "idna==3.8\nx==2\n"})
    assert judge(target).reasons == ("idna is 3.8 in requirements.txt, and 3.7 here",)
    assert judge(target).state is LockState.STALE


PIP_COMPILE = """\
#
# This file is autogenerated by pip-compile with Python 3.12
# by the following command:
#
#    pip-compile requirements.in
#
flask==3.0.0
    # via -r requirements.in
idna==3.7
    # via
    #   -c limits.txt
    #   requests
requests==2.31.0
    # via
    #   -r requirements.in
    #   flask
"""


@pytest.fixture
def foreign(tmp_path: Path) -> LockTarget:
    write(tmp_path, {"requirements.in": "requests>=2\nflask\n", "requirements.txt": PIP_COMPILE})
    return target_of(tmp_path)


def test_lock_of_another_tool_is_fresh_where_all_is_met(foreign: LockTarget) -> None:
    assert judge(foreign) == LockJudgement(state=LockState.FRESH, judged_by="content")


@pytest.mark.parametrize(
    ("declared", "reasons"),
    [
        ("requests<3\nflask\n", ()),
        ("requests[socks]\nflask\n", ()),
        ("requests>=3\nflask", ("requests is pinned to 2.31.0, and requests>=3 is declared (requirements.in:1)",)),
        ("requests\nflask\nnumpy\n", ("numpy (requirements.in:3) is not pinned",)),
        ("requests\n", ("flask is no longer declared",)),
        ("flask\n", ()),  # flask needs requests, as the lock says
        ("requests\nflask\ntomli; python_version < '3.11'", ()),
        ("requests\nflask\ntomli; python_version < '3.13'", ("tomli (requirements.in:3) is not pinned",)),
        ("requests\nflask\npywin32; sys_platform == 'win32'", ()),
        (
            "-c limits.txt\nrequests\nflask",
            ("idna is pinned to 3.7, and the constraint is idna<3 (limits.txt:1)",),
        ),
    ],
)
def test_lock_of_another_tool_is_judged_by_what_it_pins(
    foreign: LockTarget, declared: str, reasons: tuple[str, ...]
) -> None:
    write(foreign.destination.parent, {"requirements.in": declared, "limits.txt": "idna<3\nother<1\n"})
    found = judge(foreign)
    assert found.reasons == reasons
    assert found.state is (LockState.STALE if reasons else LockState.FRESH)


def test_pin_that_nothing_says_more_about_is_no_reason(foreign: LockTarget) -> None:
    foreign.destination.write_text("flask==3.0.0\nrequests==2.31.0\nsomething==1\n")
    assert judge(foreign).is_fresh


def test_pre_release_that_is_pinned_was_wanted(foreign: LockTarget) -> None:
    foreign.destination.write_text("flask==3.0.0\nrequests==3.0.0rc1\n")
    assert judge(foreign).is_fresh


def test_file_that_pins_nothing_exactly_says_so(foreign: LockTarget) -> None:
    foreign.destination.write_text("flask==3.0.0\nrequests>=2\n")
    assert judge(foreign).reasons == (
        "requests (requirements.in:1) is not pinned: requirements.txt:2 says requests>=2",
    )


def test_what_one_platform_lacks_makes_it_a_lock_for_another(foreign: LockTarget) -> None:
    foreign.source.write_text("requests\nflask\npywin32; sys_platform == 'win32'\n")
    found = judge(foreign, platforms=("linux-64", "win-64"))
    assert found.state is LockState.OTHER_PLATFORM
    assert found.reasons == ("pywin32 (requirements.in:3) is not pinned, which win-64 needs",)
    assert judge(foreign, platforms=("win-64",)).state is LockState.STALE


def test_markers_of_pins_are_evaluated_for_the_platform(foreign: LockTarget) -> None:
    foreign.source.write_text("requests\n")
    foreign.destination.write_text(
        "requests==2.31.0 ; sys_platform == 'linux'\nrequests==2.30.0 ; sys_platform == 'win32'\n"
    )
    assert judge(foreign, platforms=("linux-64", "win-64")).is_fresh
    assert judge(foreign, platforms=("linux-64", "osx-arm64")).reasons == (
        "requests (requirements.in:1) is not pinned, which osx-arm64 needs",
    )


def test_unknown_platform_is_refused_with_the_nearest(foreign: LockTarget) -> None:
    with pytest.raises(PlatformUnknownError) as raised:
        judge(foreign, platforms=("linux-x64",))
    assert raised.value.hint == "did you mean linux-64?"


COMMIT = "c" * 40


@pytest.mark.parametrize(
    ("declared", "pinned", "is_met"),
    [
        ("x @ https://f.example/x-1.zip", "x @ https://f.example/x-1.zip#sha256=aa", True),
        ("x @ https://f.example/x-1.zip", "x @ https://f.example/x-2.zip", False),
        ("x @ https://f.example/x-1.zip", "x==1", False),
        ("x", "x @ https://f.example/x-1.zip", True),
        ("x @ git+https://c.example/x@main", f"x @ git+https://c.example/x@{COMMIT}", True),
        ("x @ git+https://c.example/x.git", f"x @ git+https://c.example/x@{COMMIT}", True),
        ("x @ git+https://c.example/x@main", "x @ git+https://c.example/x@main", True),
        ("x @ git+https://c.example/x@v2", "x @ git+https://c.example/x@v1", False),
        (f"x @ git+https://c.example/x@{'d' * 40}", f"x @ git+https://c.example/x@{COMMIT}", False),
        ("x @ git+https://c.example/y", f"x @ git+https://c.example/x@{COMMIT}", False),
        (
            "x @ https://f.example/x-1.zip ; os_name == 'posix'",
            'x @ https://f.example/x-1.zip ; os_name == "posix"',
            True,
        ),
        ("x @ https://f.example/x-1.zip ; os_name == 'nt'", "flask==1", True),
        ("x @ git+https://c.example/x@v1 ; os_name == 'posix'", f"x @ git+https://c.example/x@{COMMIT}", True),
        ("git+https://c.example/x@v1#egg=x", f"x @ git+https://c.example/x@{COMMIT}", True),
        ("https://f.example/x-1.0.zip", "x @ https://f.example/x-1.0.zip", True),
        ("x==1.0", "x==1 --config-settings=a=b", True),
        ("x==1.0", "x===1.0", True),
        ("x==1.*", "x==1.4+local", True),
        ("x @ https://u:p@f.example/x-1.zip", "x @ https://f.example/x-1.zip", True),
        ("-e ./lib", "-e ./lib", True),
        ("-e ./lib", "-e lib", True),
        ("./lib", "lib @ file:./lib", True),
        ("./lib", "./other", False),
        ("-e ./lib", "flask==1", False),
    ],
)
def test_places_are_met_by_the_same_place_and_revision(
    foreign: LockTarget, declared: str, pinned: str, *, is_met: bool
) -> None:
    root = foreign.destination.parent
    for name in ("lib", "other"):
        (root / name).mkdir()
        write(root / name, {"pyproject.toml": f'[project]\nname = "{name}"\nversion = "1"\n'})
    write(root, {"requirements.in": declared, "requirements.txt": pinned})
    assert judge(foreign).is_fresh is is_met


def test_path_by_its_absolute_url_is_the_same_place(foreign: LockTarget) -> None:
    root = foreign.destination.parent
    (root / "lib").mkdir()
    write(root / "lib", {"setup.py": ""})
    write(root, {"requirements.in": "./lib", "requirements.txt": f"lib @ {(root / 'lib').as_uri()}\n"})
    assert judge(foreign).is_fresh


def test_version_of_the_python_decides_markers(foreign: LockTarget) -> None:
    foreign.source.write_text("flask\nrequests\ntomli; python_version < '3.11'\n")
    foreign.destination.write_text("flask==3.0.0\nrequests==2.31.0\n")
    assert judge(foreign, python_version="3.12").is_fresh
    assert judge(foreign, python_version="3.10").reasons == ("tomli (requirements.in:3) is not pinned",)
    assert judge(foreign).is_fresh  # whether it is for 3.10 is not known


def test_lock_for_all_pythons_must_have_what_any_needs(foreign: LockTarget) -> None:
    foreign.source.write_text("tomli; python_version < '3.11'\nflask")
    foreign.destination.write_text("#    uv pip compile --universal requirements.in\nflask==3.0.0\n")
    assert judge(foreign).reasons == ("tomli (requirements.in:1) is not pinned",)


PROJECT = """\
[project]
name = "proj"
version = "1"
dependencies = ["requests>=2"]
[project.optional-dependencies]
plot = ["matplotlib"]
[dependency-groups]
dev = ["pytest"]
"""
FILES = 'wheels = [{ name = "a", hashes = { sha256 = "aa" } }]'


def package(name: str, version: str, marker: str = "") -> str:
    told = f'marker = "{marker}"\n' if marker else ""
    return f'[[packages]]\nname = "{name}"\nversion = "{version}"\n{told}{FILES}\n'


@pytest.fixture
def foreign_pylock(tmp_path: Path) -> LockTarget:
    write(tmp_path, {"pyproject.toml": PROJECT})
    project = tmp_path / "pyproject.toml"
    parts = (LockPart(kind="extra", name="plot", source=project), LockPart(kind="group", name="dev", source=project))
    return replace(target_of(tmp_path, "pylock.toml", "pyproject.toml"), parts=parts)


HEAD = 'lock-version = "1.0"\ncreated-by = "other"\n'


def test_parts_of_a_pylock_are_met_where_their_markers_hold(foreign_pylock: LockTarget) -> None:
    head = HEAD + 'extras = ["plot"]\ndependency-groups = ["dev"]\n'
    body = package("requests", "2.31.0") + package("pytest", "8.0", "'dev' in dependency_groups")
    foreign_pylock.destination.write_text(head + body + package("matplotlib", "3.0", "'plot' in extras"))
    assert judge(foreign_pylock).is_fresh
    foreign_pylock.destination.write_text(head + body + package("matplotlib", "3.0", "'other' in extras"))
    assert judge(foreign_pylock).reasons == ("matplotlib (extra plot, pyproject.toml:6) is not pinned",)


def test_parts_that_a_pylock_was_not_made_with_are_no_reason(foreign_pylock: LockTarget) -> None:
    foreign_pylock.destination.write_text(HEAD + package("requests", "2.31.0"))
    assert judge(foreign_pylock) == LockJudgement(state=LockState.FRESH, judged_by="content")


def test_requires_python_of_a_pylock_counts(foreign_pylock: LockTarget) -> None:
    foreign_pylock.destination.write_text(HEAD + 'requires-python = ">=3.12"\n' + package("requests", "2.31.0"))
    assert judge(foreign_pylock, python_version="3.12").is_fresh
    found = judge(foreign_pylock, python_version="3.11")
    assert (found.state, found.reasons) == (
        LockState.OTHER_PYTHON,
        ("it is for Python >=3.12, and not for 3.11",),
    )


def test_environments_of_a_pylock_count(foreign_pylock: LockTarget) -> None:
    restricted = "environments = [\"sys_platform == 'linux' and platform_machine == 'x86_64'\"]\n"
    foreign_pylock.destination.write_text(HEAD + restricted + package("requests", "2.31.0"))
    assert judge(foreign_pylock).is_fresh
    found = judge(foreign_pylock, platforms=("linux-64", "win-64", "osx-arm64"))
    assert (found.state, found.reasons) == (
        LockState.OTHER_PLATFORM,
        ("its environments leave out win-64, osx-arm64",),
    )


def test_environments_of_a_pylock_may_leave_out_a_python(foreign_pylock: LockTarget) -> None:
    restricted = "environments = [\"sys_platform == 'linux' and python_version >= '3.12'\"]\n"
    foreign_pylock.destination.write_text(HEAD + restricted + package("requests", "2.31.0"))
    assert judge(foreign_pylock).is_fresh
    assert judge(foreign_pylock, python_version="3.12").is_fresh
    found = judge(foreign_pylock, python_version="3.11")
    assert (found.state, found.reasons) == (LockState.OTHER_PYTHON, ("its environments leave out Python 3.11",))


def test_repository_in_a_pylock_is_met_by_its_revision(foreign_pylock: LockTarget) -> None:
    declared = PROJECT.replace("requests>=2", "requests @ git+https://c.example/requests@v2")
    foreign_pylock.source.write_text(declared)
    vcs = 'vcs = { type = "git", url = "https://c.example/requests", requested-revision = "v2", commit-id = "abc" }\n'
    foreign_pylock.destination.write_text(f'{HEAD}[[packages]]\nname = "requests"\n{vcs}')
    assert judge(foreign_pylock).is_fresh
    foreign_pylock.destination.write_text(f'{HEAD}[[packages]]\nname = "requests"\n{vcs}'.replace('"v2"', '"v1"'))
    assert judge(foreign_pylock).state is LockState.STALE


@pytest.mark.parametrize("name", ["requirements.txt", "pylock.toml"])
def test_fresh_lock_is_known_without_what_judges_others(locked: LockTarget, name: str) -> None:
    target = target_of(locked.destination.parent, name)
    lock(target, PYLOCK_BODY if name == "pylock.toml" else BODY)
    script = f"""
import sys
from pathlib import Path
from pyve.project.locking.freshness import judge_python_lock
from pyve.project.locking.lock_target import LockFormat, LockTarget
root = Path({str(target.destination.parent)!r})
target = LockTarget(
    sources=(root / "requirements.in",), destination=root / {name!r}, format=LockFormat({target.format.value!r})
)
judged = judge_python_lock(target, root=root, environment={{}}, platforms=("linux-64",), python_version="3.12")
print(judged.state.value)
for module in ("pyve.project.locking.content_judgement", "pyve.project.locking.lock_damage", "packaging.pylock",
               "pyve.project.locking.input_changes", "ruamel.yaml"):
    if module in sys.modules:
        print(module)
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["fresh"]
