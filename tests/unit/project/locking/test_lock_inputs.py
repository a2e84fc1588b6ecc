import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyve.errors import RequirementInvalidError
from pyve.project.locking.lock_inputs import LockInputs, read_lock_inputs
from pyve.project.locking.lock_target import LockFormat, LockPart, LockTarget


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text), encoding="utf-8", newline="\n")


def read(
    root: Path, *sources: str, parts: tuple[tuple[str, str, str], ...] = (), above: tuple[str, ...] = ()
) -> LockInputs:
    is_conda = sources[0].endswith(".yml")
    target = LockTarget(
        sources=tuple(root / name for name in sources),
        destination=root / "the.lock",
        format=LockFormat.CONDA_LOCK if is_conda else LockFormat.REQUIREMENTS,
        parts=tuple(
            LockPart(kind="extra" if kind == "extra" else "group", name=name, source=root / source)
            for kind, name, source in parts
        ),
        above=tuple(root / name for name in above),
    )
    return read_lock_inputs(target, root=root, environment={})


def told(inputs: LockInputs) -> list[tuple[str, str]]:
    return [(one.text, one.origin) for one in inputs.inputs]


def test_requirements_come_with_their_includes_and_where_they_stand(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "requirements.in": "-r more.in\n-c limits.txt\nRequests >= 2 ; python_version<'3.12'  # why\n",
            "more.in": "# a note\nFlask[Async]\n",
            "limits.txt": "urllib3<3\n",
        },
    )
    found = read(tmp_path, "requirements.in")
    assert told(found) == [
        ("constraint: urllib3<3", "limits.txt:1"),
        ("flask[async]", "more.in:2"),
        ('requests>=2; python_version < "3.12"', "requirements.in:3"),
    ]
    assert [one.name for one in found.inputs] == ["urllib3", "flask", "requests"]
    assert set(found.files) == {tmp_path / name for name in ("requirements.in", "more.in", "limits.txt")}


SPELLINGS = st.permutations(
    ["requests>=2,<3", "numpy<3", 'tomli; python_version < "3.11"', "--pre", "-e ./lib", "a @ https://x.example/a.zip"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=SPELLINGS, ends=st.sampled_from(["\n", "\r\n", "\n\n", "  # note\n"]), mark=st.sampled_from(["", "\ufeff"])
)
def test_order_comments_line_ends_and_a_mark_change_nothing(
    tmp_path: Path, lines: list[str], ends: str, mark: str
) -> None:
    write(tmp_path, {"lib/pyproject.toml": '[project]\nname = "lib"\nversion = "1"\n'})
    path = tmp_path / "requirements.in"
    path.write_text("\n".join(sorted(lines)))
    plain = read(tmp_path, "requirements.in").texts
    path.write_bytes((mark + "# head\n" + ends.join((*lines, ""))).encode())
    assert read(tmp_path, "requirements.in").texts == plain
    assert len(plain) == len(lines)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("requests >= 2, < 3", "Requests<3,>=2"),
        ("a.b_c", "A-B-C"),
        ("x ; python_version<'3.9'", 'x; python_version < "3.9"'),
        ("x[b,a]", "x[a, B]"),
        ("-e .//lib", "-e ./lib"),
        ("--index-url https://u:p@index.example/", "-i https://index.example/"),
        ("--no-binary=:all:", "--no-binary :all:"),
    ],
)
def test_spellings_of_one_thing_are_one_input(tmp_path: Path, one: str, other: str) -> None:
    write(tmp_path, {"lib/setup.py": "", "a.in": one, "b.in": other})
    assert read(tmp_path, "a.in").texts == read(tmp_path, "b.in").texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("requests>=2", "requests>=3"),
        ("requests", "requests[socks]"),
        ("requests", "-c b.txt\nrequests"),
        ("-e ./lib", "./lib"),
        ("x", "--pre\nx"),
        ("x", "--index-url https://index.example/\nx"),
        ("x", "--find-links ./lib\nx"),
        ("x @ git+https://code.example/x@v1", "x @ git+https://code.example/x@v2"),
        ("x", "x --hash=sha256:" + "a" * 64),
    ],
)
def test_what_changes_a_lock_is_another_input(tmp_path: Path, one: str, other: str) -> None:
    write(tmp_path, {"lib/setup.py": "", "a.in": one, "b.in": other, "b.txt": "y<2"})
    assert read(tmp_path, "a.in").texts != read(tmp_path, "b.in").texts


def test_no_credentials_are_in_any_input(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "requirements.in": """\
                --index-url https://user:hunter2@index.example/simple
                --extra-index-url https://hunter2@more.example/?token=hunter2
                --find-links https://user:hunter2@files.example/
                x @ https://user:hunter2@files.example/x.whl
                y @ git+https://hunter2@code.example/y
                """,
            "pyproject.toml": '[tool.uv]\nindex-url = "https://user:hunter2@index.example/simple"\n',
            "environment.yml": """\
                channels: ["https://user:hunter2@channel.example/c", "https://channel.example/t/hunter2/d"]
                dependencies:
                  - https://user:hunter2@channel.example/linux-64/z-1-0.conda
                  - pip:
                    - -r requirements.in
                """,
        },
    )
    for source in ("requirements.in", "environment.yml"):
        found = read(tmp_path, source)
        assert len(found.texts) >= 5
        assert "hunter2" not in repr(found)


def test_option_is_found_on_its_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "requirements.in": """\
                x
                -i https://user:secret@index.example/simple
                --extra-index-url=https://more.example/w
                --find-links w
                --no-binary Foo_Bar
                """,
            "w/note.txt": "",
        },
    )
    assert told(read(tmp_path, "requirements.in"))[:4] == [
        ("option: --extra-index-url https://more.example/w", "requirements.in:3"),
        ("option: --find-links w", "requirements.in:4"),
        ("option: --index-url https://index.example/simple", "requirements.in:2"),
        ("option: --no-binary foo-bar", "requirements.in:5"),
    ]


def test_paths_are_told_from_the_project(tmp_path: Path) -> None:
    root = tmp_path / "project"
    write(tmp_path, {"beside/setup.py": "", "wheels/note": "", "project/lib/setup.py": ""})
    write(root, {"requirements.in": "./lib\n-e ../beside\n--find-links ../wheels\n"})
    texts = read(root, "requirements.in").texts
    assert [text.partition("#")[0] for text in texts] == ["-e ../beside", "lib", "option: --find-links ../wheels"]
    write(root, {"requirements.in": f"-e {tmp_path}/beside\n--find-links {tmp_path}/wheels\n"})
    texts = read(root, "requirements.in").texts
    assert [text.partition("#")[0] for text in texts] == [
        f"-e {tmp_path.as_posix()}/beside",
        f"option: --find-links {tmp_path.as_posix()}/wheels",
    ]


def test_directory_counts_by_what_it_needs_and_archive_by_its_bytes(tmp_path: Path) -> None:
    write(tmp_path, {"lib/pyproject.toml": '[project]\nname = "lib"\nversion = "1"\n', "lib/lib.py": "a = 1"})
    write(tmp_path, {"requirements.in": "./lib\n./a-1.0.zip\n", "a-1.0.zip": "one"})
    first = read(tmp_path, "requirements.in").texts
    write(tmp_path, {"lib/lib.py": "a = 2"})
    assert read(tmp_path, "requirements.in").texts == first
    write(tmp_path, {"lib/pyproject.toml": '[project]\nname = "lib"\nversion = "1"\ndependencies = ["x"]\n'})
    second = read(tmp_path, "requirements.in").texts
    assert [one == other for one, other in zip(first, second, strict=True)] == [True, False]
    write(tmp_path, {"a-1.0.zip": "two"})
    assert read(tmp_path, "requirements.in").texts != second


PYPROJECT = """\
[project]
name = "proj"
version = "1"
requires-python = "<4, >=3.10"
dependencies = [
    "click>=8",
]

[project.optional-dependencies]
plot = ["matplotlib", "proj[more]"]
more = ["pandas"]

[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff"]
empty = []

[tool.uv]
prerelease = "allow"
cache-dir = "elsewhere"
"""


def test_checkout_with_windows_line_ends_declares_the_same(tmp_path: Path) -> None:
    files = {
        "lib/pyproject.toml": '[project]\nname = "lib"\nversion = "1"\n',
        "old/setup.py": "a\nb\n",
        "setup.py": "c\nd\n",
    }
    write(tmp_path, files)
    write(tmp_path, {"requirements.in": "./lib\n./old\n"})
    first = read(tmp_path, "requirements.in", "setup.py").texts
    for name in (*files, "requirements.in"):
        path = tmp_path / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(tmp_path, "requirements.in", "setup.py").texts == first
    assert len(first) == 3


def test_directory_whose_toml_is_broken_counts_by_its_lines(tmp_path: Path) -> None:
    write(tmp_path, {"lib/pyproject.toml": "[broken", "requirements.in": "./lib"})
    first = read(tmp_path, "requirements.in").texts
    write(tmp_path, {"lib/pyproject.toml": "[broken too"})
    assert read(tmp_path, "requirements.in").texts != first


def test_project_is_read_with_its_parts(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PYPROJECT})
    name = "pyproject.toml"
    found = read(tmp_path, name, parts=(("extra", "plot", name), ("group", "dev", name), ("group", "empty", name)))
    assert told(found) == [
        ("click>=8", "pyproject.toml:6"),
        ("extra plot: matplotlib", "pyproject.toml:10"),
        ("extra plot: pandas", "pyproject.toml:11"),
        ("group dev: pytest", "pyproject.toml:14"),
        ("group dev: ruff", "pyproject.toml:15"),
        ("group empty: nothing", "pyproject.toml"),
        ("requires-python: <4,>=3.10", "pyproject.toml:4"),
        ('setting: prerelease "allow"', "pyproject.toml:19"),
    ]


def test_project_that_is_no_source_counts_by_its_python_and_settings_alone(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PYPROJECT, "requirements.in": "x", "uv.toml": 'resolution = "lowest"\n'})
    assert read(tmp_path, "requirements.in").texts == (
        "requires-python: <4,>=3.10",
        'setting: prerelease "allow"',
        'setting: resolution "lowest"',
        "x",
    )


def test_requirement_of_the_project_itself_brings_what_it_needs(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PYPROJECT, "requirements.in": "-e .[plot]\n"})
    texts = read(tmp_path, "requirements.in").texts
    assert {"click>=8", "matplotlib", "pandas", "-e the project itself[plot]"} <= set(texts)


def test_requirements_file_can_be_a_group(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "x\n", "requirements-dev.txt": "-c limits.txt\ny\n", "limits.txt": "z<1"})
    found = read(tmp_path, "requirements.txt", parts=(("group", "dev", "requirements-dev.txt"),))
    assert told(found) == [
        ("constraint: z<1", "limits.txt:1"),
        ("group dev: y", "requirements-dev.txt:2"),
        ("x", "requirements.txt:1"),
    ]


@pytest.mark.parametrize(
    "line", ["-c requirements.txt", "-r requirements.txt", "--constraint=./requirements.txt  # note"]
)
def test_lock_above_is_no_input_whether_it_is_there_or_not(tmp_path: Path, line: str) -> None:
    write(tmp_path, {"dev.in": f"# dev\n{line}\nA>1 \\\n  ,<3\n-r more.in\n", "more.in": "y\n"})
    expected = [("a<3,>1", "dev.in:3"), ("y", "more.in:1")]
    found = read(tmp_path, "dev.in", above=("requirements.txt",))
    assert told(found) == expected
    assert found.files[:2] == (tmp_path / "dev.in", tmp_path / "more.in")
    write(tmp_path, {"requirements.txt": "--index-url https://index.example/\nx==1 --hash=sha256:" + "a" * 64})
    assert told(read(tmp_path, "dev.in", above=("requirements.txt",))) == expected
    assert len(read(tmp_path, "dev.in").texts) > 2


def test_what_only_a_build_tells_counts_by_content(tmp_path: Path) -> None:
    write(
        tmp_path, {"setup.py": "open('deps.txt')", "deps.txt": "x", "setup.cfg": "[options]\npython_requires = >=3.9\n"}
    )
    first = read(tmp_path, "setup.py")
    assert [text.partition(" sha")[0] for text in first.texts] == [
        "file: deps.txt",
        "file: setup.cfg",
        "file: setup.py",
        "requires-python: >=3.9",
    ]
    write(tmp_path, {"deps.txt": "y"})
    assert [one == other for one, other in zip(first.texts, read(tmp_path, "setup.py").texts, strict=True)] == [
        False,
        True,
        True,
        True,
    ]


def test_of_a_dynamic_pyproject_comments_and_other_tools_do_not_count(tmp_path: Path) -> None:
    dynamic = '[build-system]\nrequires = ["x"]\n[project]\nname = "p"\ndynamic = ["dependencies", "version"]\n'
    write(tmp_path, {"pyproject.toml": dynamic})
    first = read(tmp_path, "pyproject.toml").texts
    write(tmp_path, {"pyproject.toml": f"# note\n{dynamic}[tool.ruff]\nline-length = 1\n"})
    assert read(tmp_path, "pyproject.toml").texts == first
    write(tmp_path, {"pyproject.toml": f"{dynamic}[tool.setuptools]\nx = 1\n"})
    assert read(tmp_path, "pyproject.toml").texts != first


def test_environment_is_read_for_all_platforms(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "environment.yml": """\
                channels: [conda-forge, bioconda]
                dependencies:
                  - Python =3.12
                  - sel(win): pywin32
                  - libfoo >=2  # [linux]
                  - conda-forge::numpy[version='>=2',build=py*]
                  - pip:
                    - --index-url https://index.example/simple
                    - requests>=2
                """
        },
    )
    assert told(read(tmp_path, "environment.yml")) == [
        ("channels: conda-forge, bioconda", "environment.yml:1"),
        ("conda: conda-forge::numpy>=2 py*", "environment.yml:6"),
        ("conda: libfoo>=2 (linux-64, linux-aarch64, linux-ppc64le)", "environment.yml:5"),
        ("conda: python=3.12", "environment.yml:3"),
        ("conda: pywin32 (win-64)", "environment.yml:4"),
        ("option: --index-url https://index.example/simple", "environment.yml:8"),
        ("pip: requests>=2", "environment.yml:9"),
    ]


def test_order_of_channels_counts(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.yml": "channels: [a, b]\ndependencies: [x]\n", "b.yml": "channels: [b, a]\ndependencies: [x]\n"}
    )
    assert read(tmp_path, "a.yml").texts != read(tmp_path, "b.yml").texts


def test_what_is_no_requirement_is_refused_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": '[project]\nname = "p"\ndependencies = ["x = 1"]\n'})
    with pytest.raises(RequirementInvalidError, match=r"pyproject\.toml:3"):
        read(tmp_path, "pyproject.toml")


def test_settings_of_pip_tools_that_change_a_lock_count(tmp_path: Path) -> None:
    table = """\
        [tool.pip-tools]
        generate-hashes = true
        index-url = "https://user:hunter2@index.example/"
        pre = false
        [tool.pip-tools.compile]
        pre = true
        """
    write(tmp_path, {"pyproject.toml": table, "requirements.in": "x"})
    found = read(tmp_path, "requirements.in")
    assert told(found)[:2] == [
        ('setting: pip-tools.index-url "https://index.example/"', "pyproject.toml:3"),
        ("setting: pip-tools.pre true", "pyproject.toml:4"),
    ]
    write(tmp_path, {".pip-tools.toml": "[tool.pip-tools]\nno_index = true\n"})
    found = read(tmp_path, "requirements.in")
    assert told(found)[0] == ("setting: pip-tools.no-index true", ".pip-tools.toml:2")
    assert tmp_path / ".pip-tools.toml" in found.files


def test_package_by_its_url_is_an_input_without_credentials(tmp_path: Path) -> None:
    write(tmp_path, {"environment.yml": "dependencies:\n- https://u:p@channel.example/linux-64/z-1-0.conda\n"})
    assert told(read(tmp_path, "environment.yml")) == [
        ("conda: https://channel.example/linux-64/z-1-0.conda", "environment.yml:2")
    ]
